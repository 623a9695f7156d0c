"""The screens: server-rendered pages in Korean and English."""
