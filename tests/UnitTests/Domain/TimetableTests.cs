using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.UnitTests.Support;
using NodaTime;

namespace FollowUp.UnitTests.Domain;

public sealed class TimetableTests
{
    private static readonly LocalTime Ten = new(10, 0);

    /// <summary>A mail with the local time 10:00 under a window from 09:00 to 17:00.</summary>
    private static readonly Timetable Timetable = new(
        [An.Mail with { At = Ten }],
        new Schedule("UTC", null, null, new LocalTime(9, 0), new LocalTime(17, 0), null).For(null, Holidays.None)
    );

    [Theory]
    [InlineData(MoveReason.Gap)]
    [InlineData(MoveReason.Rendering)]
    public void A_short_wait_that_ends_inside_the_window_does_not_wait_for_the_local_time_again(MoveReason reason)
    {
        var placed = Timetable.Postpone(default, new Move(reason, At(day: 1, hour: 12)), again: false);

        placed.At.ShouldBe(At(day: 1, hour: 12));
        placed.Moves.ShouldBe([new Move(reason, At(day: 1, hour: 12))]);
    }

    [Theory]
    [InlineData(MoveReason.Gap)]
    [InlineData(MoveReason.Rendering)]
    public void A_short_wait_that_ends_outside_the_window_is_followed_by_the_next_local_time(MoveReason reason)
    {
        var placed = Timetable.Postpone(default, new Move(reason, At(day: 1, hour: 18)), again: false);

        placed.At.ShouldBe(At(day: 2, hour: 10));
        placed.Moves.ShouldBe([new Move(reason, At(day: 1, hour: 18)), new Move(MoveReason.At, At(day: 2, hour: 10))]);
    }

    [Fact]
    public void A_further_attempt_goes_when_the_window_opens()
    {
        Timetable.Postpone(default, new Move(MoveReason.Gap, At(day: 1, hour: 18)), again: true).At.ShouldBe(At(day: 2, hour: 9));
    }

    [Fact]
    public void After_a_daily_cap_a_message_waits_for_its_local_time()
    {
        Timetable.Postpone(default, new Move(MoveReason.Cap, At(day: 2, hour: 0)), again: false).At.ShouldBe(At(day: 2, hour: 10));
    }

    private static DateTimeOffset At(int day, int hour) => new(2026, 3, day, hour, 0, 0, TimeSpan.Zero);
}
