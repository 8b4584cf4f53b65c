using FollowUp.Application.Scheduling;
using static FollowUp.UnitTests.Scheduling.IcsFile;

namespace FollowUp.UnitTests.Scheduling;

/// <summary>Events that belong together by their UID, and instants of other zones.</summary>
public sealed class IcsSeriesTests
{
    private const string Berlin = "X-WR-TIMEZONE:Europe/Berlin\r\n";

    private static readonly string Three = Event(
        "UID:a",
        "DTSTART;VALUE=DATE:20270301",
        "DTEND;VALUE=DATE:20270302",
        "RRULE:FREQ=DAILY;COUNT=3"
    );

    [Theory]
    [InlineData("RECURRENCE-ID;VALUE=DATE:20270302")]
    [InlineData("RECURRENCE-ID;TZID=W. Europe Standard Time:20270302T000000")]
    [InlineData("RECURRENCE-ID;TZID=Europe/Berlin:20270302T000000")]
    [InlineData("RECURRENCE-ID:20270302T000000")]
    public void A_moved_occurrence_replaces_the_original_one(string id)
    {
        var moved = Event("UID:a", id, "DTSTART;VALUE=DATE:20270310", "DTEND;VALUE=DATE:20270311");

        Dates(Three, moved).ShouldBe("2027-03-01 2027-03-03 2027-03-10");
        Dates(moved, Three).ShouldBe("2027-03-01 2027-03-03 2027-03-10");
    }

    [Fact]
    public void A_moved_occurrence_may_be_named_by_its_instant_in_UTC() =>
        Dates(Berlin, Three, Event("UID:a", "RECURRENCE-ID:20270301T230000Z", "DTSTART;VALUE=DATE:20270310"))
            .ShouldBe("2027-03-01 2027-03-03 2027-03-10");

    [Fact]
    public void A_cancelled_occurrence_does_not_count() =>
        Dates(Three, Event("UID:a", "RECURRENCE-ID;VALUE=DATE:20270302", "DTSTART;VALUE=DATE:20270302", "STATUS:CANCELLED"))
            .ShouldBe("2027-03-01 2027-03-03");

    [Fact]
    public void A_change_of_this_and_future_moves_or_cancels_the_rest()
    {
        const string Id = "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20270302";

        Dates(Three, Event("UID:a", Id, "DTSTART;VALUE=DATE:20270312")).ShouldBe("2027-03-01 2027-03-12 2027-03-13");
        Dates(Three, Event("UID:a", Id, "DTSTART;VALUE=DATE:20270302", "STATUS:CANCELLED")).ShouldBe("2027-03-01");
    }

    [Fact]
    public void An_older_SEQUENCE_of_the_same_event_is_superseded()
    {
        Dates(Event("UID:a", "SEQUENCE:1", "DTSTART;VALUE=DATE:20270302"), Event("UID:a", "SEQUENCE:0", "DTSTART;VALUE=DATE:20270301"))
            .ShouldBe("2027-03-02");
        Dates(
                Event("UID:a", "DTSTART;VALUE=DATE:20270301"),
                Event("UID:a", "SEQUENCE:1", "STATUS:CANCELLED", "DTSTART;VALUE=DATE:20270301"),
                Event("UID:b", "DTSTART;VALUE=DATE:20270305")
            )
            .ShouldBe("2027-03-05");
    }

    [Fact]
    public void Events_with_the_same_UID_all_count() =>
        Dates(Event("UID:", "DTSTART;VALUE=DATE:20270301"), Event("UID:", "DTSTART;VALUE=DATE:20270305")).ShouldBe("2027-03-01 2027-03-05");

    [Theory]
    [InlineData("DTSTART;TZID=Europe/Berlin:20270301T000000", "DTEND;TZID=Europe/Berlin:20270302T000000", "EXDATE:20270301T230000Z", "")]
    [InlineData("DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270302", "EXDATE:20270301T230000Z", Berlin)]
    [InlineData("DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270302", "EXDATE;TZID=Europe/Berlin:20270302T000000", "")]
    [InlineData("DTSTART;TZID=Europe/Berlin:20270301T090000", "DURATION:PT1H", "EXDATE;VALUE=DATE:20270302", "")]
    [InlineData("DTSTART:20270228T230000Z", "DTEND:20270301T230000Z", "EXDATE:20270301T230000Z", Berlin)]
    public void An_excluded_instant_is_converted_to_the_zone_of_the_series(string start, string end, string exclusion, string zone) =>
        Dates(zone, Event(start, end, "RRULE:FREQ=DAILY;COUNT=3", exclusion)).ShouldBe("2027-03-01 2027-03-03");

    [Fact]
    public void An_exclusion_without_effect_is_a_warning_that_names_its_line()
    {
        var file = Read(Event("DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20270310")).Value;

        file.Warnings.Select(w => (w.Field, w.Code)).ShouldBe([("line 6", "exdateWithoutEffect")]);
    }

    [Fact]
    public void Meetings_among_the_holidays_cause_a_warning_with_their_number()
    {
        var file = Read(
            Event("DTSTART;VALUE=DATE:20270301", "SUMMARY:Holiday"),
            Event("DTSTART:20270308T080000Z", "DTEND:20270308T083000Z", "RRULE:FREQ=WEEKLY;COUNT=3", "SUMMARY:Meeting"),
            Event("DTSTART:20270309T080000Z", "SUMMARY:Reminder"),
            Event("DTSTART:20270310T080000Z", "DURATION:PT6H", "SUMMARY:Half a day"),
            Event("DTSTART:20200309T080000Z", "SUMMARY:Long ago")
        ).Value;

        var warning = file.Warnings.ShouldHaveSingleItem();
        (warning.Field, warning.Code).ShouldBe(("line 7", "shortEvents"));
        warning.Message.ShouldStartWith("2 events last less than six hours, such as 'Meeting'");
        ReadText(Text(Event("DTSTART:20270309T080000Z", "SUMMARY:Meeting")), new(null, [], ["Meeting"])).Value.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("DTSTART;VALUE=DATE:20270301", "UNTIL=20270302T230000Z", Berlin)]
    [InlineData("DTSTART;TZID=Europe/Berlin:20270301T000000", "UNTIL=20270302T230000Z", "")]
    [InlineData("DTSTART;VALUE=DATE:20270301", "UNTIL=20270303", "")]
    [InlineData("DTSTART;TZID=Europe/Berlin:20270301T220000", "UNTIL=20270303", "")]
    public void The_end_of_a_rule_is_a_local_day(string start, string until, string zone) =>
        Dates(zone, Event(start, $"RRULE:FREQ=DAILY;{until}")).ShouldBe("2027-03-01 2027-03-02 2027-03-03");

    [Fact]
    public void A_whole_day_in_UTC_is_converted_to_the_calendars_zone()
    {
        const string Start = "DTSTART:20270228T230000Z";
        const string End = "DTEND:20270301T230000Z";

        Dates(Berlin, Event(Start, End)).ShouldBe("2027-03-01");
        Dates(Berlin, Event(Start, End, "RRULE:FREQ=YEARLY;COUNT=2")).ShouldBe("2027-03-01 2028-03-01");
        Dates(new CalendarFileOptions("America/New_York", [], []), Berlin, Event("DTSTART:20270301T050000Z", "DTEND:20270302T050000Z"))
            .ShouldBe("2027-03-01");
        Dates("BEGIN:VTIMEZONE\r\nTZID:Romance Standard Time\r\nEND:VTIMEZONE\r\n", Event(Start, End)).ShouldBe("2027-03-01");
    }

    [Fact]
    public void Days_of_a_UTC_rule_are_counted_in_UTC() =>
        Dates(Berlin, Event("DTSTART:20270228T230000Z", "DURATION:PT24H", "RRULE:FREQ=WEEKLY;BYDAY=SU;COUNT=2"))
            .ShouldBe("2027-03-01 2027-03-08");

    [Fact]
    public void Irrelevant_invalid_lines_are_ignored() =>
        Dates(
                "X-VENDOR-LINE\r\n",
                Event(
                    "DTSTART;VALUE=DATE:20270301",
                    "DESCRIPTION:Closed because of the move.",
                    "We are back on Tuesday.",
                    "",
                    "BEGIN:VALARM",
                    "TRIGGER:-P1D",
                    "DTSTART:soon",
                    "END:VALARM"
                )
            )
            .ShouldBe("2027-03-01");

    [Fact]
    public void Added_dates_and_periods_count() =>
        Dates(Event("DTSTART;VALUE=DATE:20270301", "RDATE;VALUE=DATE:20270305,20270307", "RDATE;VALUE=PERIOD:20270309T000000/PT1H"))
            .ShouldBe("2027-03-01 2027-03-05 2027-03-07 2027-03-09");
}
