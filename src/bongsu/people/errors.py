"""Why an action is refused. Each is said in the user's language, and has one HTTP status."""

from bongsu.language import BongsuError, ExitCode, Text


class RefusedError(BongsuError):
    """An action that was not done."""

    exit_code = ExitCode.USAGE
    status = 400


class NotThereError(RefusedError):
    """There is no such entry, or none that this reader may see: both are answered alike."""

    status = 404

    def __init__(self, noun: Text) -> None:
        super().__init__(
            Text(f"그런 {noun.ko}이(가) 없습니다.", f"there is no such {noun.en}."),
            mend=Text("목록에서 다시 고르십시오.", "Choose it from the list again."),
        )


class DeniedError(RefusedError):
    """The reader may see the entry, but not do this to it."""

    status = 403


class StaleError(RefusedError):
    """Somebody else changed the entry since it was looked at."""

    status = 409

    def __init__(self, seen: int, version: int) -> None:
        self.seen, self.version = seen, version
        super().__init__(
            Text("그사이 다른 사람이 바꾸었습니다.", "somebody has changed it since you looked."),
            mend=Text("새로 열어 확인한 뒤 다시 하십시오.", "Open it again, look at what changed, and repeat."),
        )


class OutOfStepError(RefusedError):
    """The entry's state does not allow this step."""

    status = 409


class InvalidError(RefusedError):
    """What was entered cannot be taken."""

    status = 422
