"""What is said when people may not do what they tried."""

from bongsu.language import Text

NOT_YOURS = Text("맡은 역할로는 할 수 없는 일입니다.", "your role does not do this.")
ADMINISTRATOR_DOES = Text("관리자에게 부탁하십시오.", "Ask an administrator.")
