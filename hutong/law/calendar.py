"""Calendar (历法): ages and days. Working days and deadlines come to live here too."""

from datetime import date, timedelta

SATURDAY = 5


def age_on(birth_date: date, on: date) -> int:
    """Full years on a day (周岁). The birthday itself completes the year: 《民法典》第一千二百五十九条."""
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (0 if had_birthday else 1)


def weekday_after(on: date, days: int) -> date:
    """The working day so many working days after a day (第几个工作日后): Saturdays and Sundays left out; public
    holidays count until the yearly notices are loaded, which makes it early and never late."""
    while days:
        on += timedelta(days=1)
        days -= on.weekday() < SATURDAY
    return on


def born_after(age: int, on: date) -> date:
    """The earliest birth date of somebody who is not yet `age` full years old on the day `on`."""
    try:
        bound = on.replace(year=on.year - age)
    except ValueError:  # 29 February in a year that has none
        bound = date(on.year - age, 2, 28)
    return bound + timedelta(days=1)
