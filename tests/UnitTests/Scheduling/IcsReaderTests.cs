using FollowUp.Infrastructure.Scheduling;

namespace FollowUp.UnitTests.Scheduling;

public sealed class IcsReaderTests
{
    private static readonly DateOnly Today = new(2026, 2, 3);
    private readonly IcsReader _reader = new();

    [Fact]
    public void A_date_an_event_over_several_days_and_a_timed_one_cover_the_dates_that_they_touch() =>
        Read(
                Event("DTSTART;VALUE=DATE:20261003"),
                Event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"),
                Event("DTSTART;TZID=Nowhere/AtAll:20260501T220000", "DTEND;TZID=Nowhere/AtAll:20260502T020000"),
                Event("DTSTART:20260601T080000Z", "DTEND:20260602T000000Z")
            )
            .ShouldBe([
                new(2026, 5, 1),
                new(2026, 5, 2),
                new(2026, 6, 1),
                new(2026, 10, 3),
                new(2026, 12, 24),
                new(2026, 12, 25),
                new(2026, 12, 26),
            ]);

    [Fact]
    public void A_yearly_event_recurs_for_ten_years_from_the_year_under_way() =>
        Read(Event("DTSTART;VALUE=DATE:20101225", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20271225"))
            .ShouldBe(Enumerable.Range(2026, 11).Where(year => year != 2027).Select(year => new DateOnly(year, 12, 25)));

    [Fact]
    public void The_fourth_thursday_of_november_is_another_date_each_year() =>
        Read(Event("DTSTART;VALUE=DATE:20241128", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=4"))
            .ShouldBe([new(2026, 11, 26), new(2027, 11, 25)]);

    [Fact]
    public void An_event_that_ends_where_it_begins_covers_that_day() =>
        Read(Event("DTSTART;VALUE=DATE:20260703", "DTEND;VALUE=DATE:20260703")).ShouldBe([new(2026, 7, 3)]);

    [Theory]
    [InlineData("DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=DAILY;UNTIL=19990101", 1)]
    [InlineData("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=DAILY;UNTIL=20350101", 8_000)]
    public void What_a_file_has_to_go_through_is_bounded(string start, string rule, int events)
    {
        var refused = _reader.Read(Calendar([.. Enumerable.Repeat(Event(start, rule), events)]), Today);

        refused.ValidationErrors.Single().ErrorMessage.ShouldContain("more than 50000 days to go through");
    }

    [Theory]
    [InlineData("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "begins an event whose rule never comes true")]
    [InlineData(
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "begins an event that cannot be understood: something is wrong with its DTSTART, DTEND, DURATION or RRULE"
    )]
    [InlineData(
        "DTEND;VALUE=DATE:20260101",
        "begins an event that cannot be understood: something is wrong with its DTSTART, DTEND, DURATION or RRULE"
    )]
    public void An_error_speaks_of_the_file_and_not_of_a_library(string line, string message) =>
        _reader.Read(Calendar(Event("DTSTART;VALUE=DATE:20260201", line)), Today).ValidationErrors.Single().ErrorMessage.ShouldBe(message);

    [Fact]
    public void An_empty_file_is_told_how_to_begin() =>
        _reader.Read("", Today).ValidationErrors.Single().ErrorMessage.ShouldBe("must be BEGIN:VCALENDAR");

    [Fact]
    public void A_line_may_be_folded_and_what_is_cancelled_does_not_count() =>
        Read(
                Event("SUMMARY:A long\r\n  name", "DTSTART;VALUE=DATE:202\r\n 60703"),
                Event("DTSTART;VALUE=DATE:20260704", "STATUS:CANCELLED")
            )
            .ShouldBe([new(2026, 7, 3)]);

    [Theory]
    [InlineData("nonsense", "line 1")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261225\r\nthis is no line\r\nEND:VEVENT\r\nEND:VCALENDAR", "line 4")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261325\r\nEND:VEVENT\r\nEND:VCALENDAR", "line 3")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR", "line 2")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261225\r\nEND:VCALENDAR", "line 4")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261225\r\nEND:VEVENT", "line 1")]
    [InlineData("BEGIN:VCALENDAR\r\nEND:VCALENDAR", "line 1")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261225\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR", "line 4")]
    [InlineData(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261225\r\nRRULE:FREQ=YEARLY;BYDAY=XX\r\nEND:VEVENT\r\nEND:VCALENDAR",
        "line 2"
    )]
    [InlineData(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260201\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\nEND:VEVENT\r\nEND:VCALENDAR",
        "line 2"
    )]
    [InlineData(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20200101\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR",
        "line 6"
    )]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20200101\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR", "line 2")] // More dates than a calendar has.
    public void Nonsense_is_refused_by_its_line(string text, string line)
    {
        var result = _reader.Read(text, Today);

        result.ValidationErrors.Single().Identifier.ShouldBe(line);
    }

    private IReadOnlyList<DateOnly> Read(params string[] events)
    {
        var result = _reader.Read(Calendar(events), Today);
        result.IsSuccess.ShouldBeTrue(string.Join("; ", result.ValidationErrors.Select(e => $"{e.Identifier} {e.ErrorMessage}")));
        return result.Value;
    }

    private static string Calendar(params string[] events) => $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{string.Concat(events)}END:VCALENDAR\r\n";

    private static string Event(params string[] lines) => $"BEGIN:VEVENT\r\n{string.Join("\r\n", lines)}\r\nEND:VEVENT\r\n";
}
