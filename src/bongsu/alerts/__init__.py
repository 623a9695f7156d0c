"""The life of an alert (조기경보 건): raised, triaged, issued, closed; who must know, and who has it."""
