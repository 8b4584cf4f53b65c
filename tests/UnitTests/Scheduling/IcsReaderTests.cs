using FollowUp.Application.Scheduling;
using FollowUp.Infrastructure.Scheduling.Ics;
using static FollowUp.UnitTests.Scheduling.IcsFile;

namespace FollowUp.UnitTests.Scheduling;

public sealed class IcsReaderTests
{
    [Fact]
    public void Events_cover_every_date_that_they_touch() =>
        Dates(
                Event("DTSTART;VALUE=DATE:20261003"),
                Event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"),
                Event("DTSTART;TZID=Nowhere/AtAll:20260501T220000", "DTEND;TZID=Nowhere/AtAll:20260502T020000"),
                Event("DTSTART:20260601T080000Z", "DTEND:20260602T000000Z")
            )
            .ShouldBe("2026-05-01 2026-05-02 2026-06-01 2026-10-03 2026-12-24 2026-12-25 2026-12-26");

    [Fact]
    public void A_yearly_event_recurs_for_ten_years_from_the_current_one() =>
        Dates(Event("DTSTART;VALUE=DATE:20101225", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20271225"))
            .ShouldBe(string.Join(' ', Enumerable.Range(2026, 11).Where(year => year != 2027).Select(year => $"{year}-12-25")));

    [Fact]
    public void The_fourth_thursday_of_november_is_another_date_each_year() =>
        Dates(Event("DTSTART;VALUE=DATE:20241128", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=4")).ShouldBe("2026-11-26 2027-11-25");

    [Theory]
    [InlineData("DTEND;VALUE=DATE:20260703")]
    [InlineData("DTEND;VALUE=DATE:20260704")]
    [InlineData("DTEND:20260703T235900")]
    [InlineData("DTEND:20260704T000000")]
    [InlineData("DURATION:P1D")]
    [InlineData("X-NOTHING:1")]
    public void An_all_day_event_ends_with_its_day_for_all_forms_of_its_end(string end) =>
        Dates(Event("DTSTART;VALUE=DATE:20260703", end)).ShouldBe("2026-07-03");

    [Theory]
    [InlineData("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "line 3", "begins an event whose rule never matches")]
    [InlineData("RRULE:FREQ=DAILY;INTERVAL=0", "line 5", "INTERVAL of RRULE must be a whole number from 1 to 100000")]
    [InlineData("DTEND;VALUE=DATE:20260101", "line 3", "begins an event whose DTEND is before its DTSTART")]
    [InlineData("RRULE:FREQ=DAILY;FREQ=SECONDLY", "line 5", "RRULE must name FREQ only once")]
    [InlineData("RRULE:FREQ=DAILY;BYHOUR=9,10", "line 5", "RRULE must not recur within a day (BYHOUR has several values)")]
    [InlineData("EXRULE:FREQ=DAILY", "line 5", "EXRULE is not supported; use EXDATE")]
    [InlineData("EXDATE:yesterday", "line 5", "EXDATE must be dates such as 20261225")]
    [InlineData("RRULE:FREQ=YEARLY;BYDAY=XX", "line 3", "begins an event whose RRULE cannot be understood")]
    public void An_error_names_the_line_and_the_rule(string line, string where, string message)
    {
        var error = Read(Event("DTSTART;VALUE=DATE:20260201", line)).ValidationErrors.Single();

        (error.Identifier, error.ErrorMessage).ShouldBe((where, message));
    }

    [Fact]
    public void A_line_may_be_folded_and_a_cancelled_event_does_not_count() =>
        Dates(
                Event("SUMMARY:A long\r\n  name", "DTSTART;VALUE=DATE:202\r\n 60703"),
                Event("DTSTART;VALUE=DATE:20260704", "STATUS:Cancelled")
            )
            .ShouldBe("2026-07-03");

    [Theory]
    [InlineData("nonsense", "line 1")]
    [InlineData("", "line 1")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261225\r\nthis is no line\r\nEND:VEVENT\r\nEND:VCALENDAR", "line 4")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261325\r\nEND:VEVENT\r\nEND:VCALENDAR", "line 3")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:00020101\r\nEND:VEVENT\r\nEND:VCALENDAR", "line 3")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR", "line 2")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261225\r\nEND:VCALENDAR", "line 4")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261225\r\nEND:VEVENT", "line 1")]
    [InlineData("BEGIN:VCALENDAR\r\nEND:VCALENDAR", "line 1")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261225\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR", "line 4")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20200101\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR", "line 2")] // More dates than a calendar has.
    public void An_unreadable_file_is_rejected_with_the_line(string text, string line) =>
        ReadText(text).ValidationErrors.Single().Identifier.ShouldBe(line);

    [Fact]
    public void Days_are_named_after_their_events() =>
        Read(
            Event("DTSTART;VALUE=DATE:20261003", "SUMMARY:Tag der Deutschen Einheit\\, national"),
            Event("DTSTART;VALUE=DATE:20261003", "SUMMARY:Works outing"),
            Event("DTSTART;VALUE=DATE:20261004")
        )
            .Value.Days.Select(day => day.Name)
            .ShouldBe(["Tag der Deutschen Einheit, national, Works outing", null]);

    [Fact]
    public void Events_are_chosen_by_summary_and_category()
    {
        string[] events =
        [
            Event("DTSTART;VALUE=DATE:20260202", "SUMMARY:Groundhog Day", "CATEGORIES:Observance"),
            Event("DTSTART;VALUE=DATE:20260525", "SUMMARY:Memorial Day", "CATEGORIES:Public holiday,USA"),
            Event("DTSTART;VALUE=DATE:20260704", "SUMMARY:Independence Day (regional)", "CATEGORIES:Public holiday"),
        ];

        Dates(new CalendarFileOptions(null, ["public"], ["regional"]), events).ShouldBe("2026-05-25");
        Dates(new CalendarFileOptions(null, [], ["OBSERVANCE"]), events).ShouldBe("2026-05-25 2026-07-04");
    }

    [Theory]
    [InlineData("FREQ=YEARLY;BYMONTHDAY={0};BYSETPOS=-1", 1, 28)]
    [InlineData("FREQ=YEARLY;BYHOUR={0};BYSETPOS=1", 0, 23)]
    [InlineData("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSECOND={0};BYSETPOS=-1", 0, 59)]
    public void The_cost_of_a_rule_is_bounded_by_its_days(string rule, int from, int to)
    {
        var values = string.Join(',', Enumerable.Range(from, to - from + 1));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Read(Event("DTSTART;VALUE=DATE:20260101", "RRULE:" + string.Format(null, rule, values)));

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(200_000_000);
    }

    [Fact]
    public void The_work_on_a_file_is_bounded_over_all_its_events()
    {
        // Each event alone is harmless: the days of 400 years, chosen again in each year.
        var refused = Read([.. Enumerable.Repeat(Event("DTSTART;VALUE=DATE:16020101", "RRULE:FREQ=YEARLY;BYDAY=1MO;BYSETPOS=1"), 40)]);
        var covering = Read([
            .. Enumerable.Repeat(Event("DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20350101", "RRULE:FREQ=DAILY;COUNT=900"), 8),
        ]);

        refused.ValidationErrors.Single().ErrorMessage.ShouldContain("more than 2000000 days to go through");
        covering.ValidationErrors.Single().ErrorMessage.ShouldContain("more than 2000000 days to go through");
    }

    [Fact]
    public void The_cost_of_exclusions_and_replacements_is_linear()
    {
        var daily = Event("UID:a", "DTSTART;VALUE=DATE:20100101", "RRULE:FREQ=DAILY;UNTIL=20360101", $"EXDATE;VALUE=DATE:{Many(20_000)}");
        var following = Enumerable
            .Range(0, 2_000)
            .Select(i =>
                Event("UID:a", $"RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:{Day(i)}", $"DTSTART;VALUE=DATE:{Day(i)}", "STATUS:CANCELLED")
            );

        var read = Read([daily, .. following]);

        read.IsSuccess.ShouldBeTrue();
        read.Value.Days.ShouldBeEmpty();

        static string Many(int count) => string.Join(',', Enumerable.Range(0, count).Select(_ => "21000101"));

        static string Day(int i) => new DateOnly(2010, 1, 1).AddDays(i).ToString("yyyyMMdd", null);
    }

    [Theory]
    [InlineData("DTSTART;TZID=Europe/Berlin:20270301T000000", "RRULE:FREQ=YEARLY;UNTIL=99991231T235959Z")]
    [InlineData("DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=YEARLY;UNTIL=99991231")]
    public void A_rule_until_the_maximum_date_recurs_indefinitely(string start, string rule) =>
        Read(Event(start, rule)).Value.Days.Count.ShouldBe(10);

    [Theory]
    [InlineData("DURATION:P99999999D")]
    [InlineData("RRULE:FREQ=DAILY;WKST=MO\rRRULE:FREQ=SECONDLY")]
    public void Out_of_range_instants_and_injected_lines_are_errors_of_the_file(string line) =>
        Read(Event("DTSTART;VALUE=DATE:20270301", line)).ValidationErrors.Single().Identifier.ShouldStartWith("line ");

    [Fact]
    public void A_cancelled_request_ends_the_expansion()
    {
        using var hungUp = new CancellationTokenSource();
        hungUp.Cancel();

        Should.Throw<OperationCanceledException>(() =>
            new IcsReader().Read(Text(Event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=DAILY;COUNT=9")), All, Today, hungUp.Token)
        );
    }
}
