using FollowUp.Application.Instances;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.Infrastructure.Instances;
using FollowUp.UnitTests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FollowUp.UnitTests.Outbox;

/// <summary>The start position of claims, and how often it is the front of the queue.</summary>
public sealed class LowWaterMarkTests
{
    private readonly FakeTimeProvider _time = new(An.Noon);
    private readonly LowWaterMark _mark;

    public LowWaterMarkTests() => _mark = new LowWaterMark(_time, lookBackEvery: TimeSpan.FromSeconds(1));

    [Fact]
    public void A_claim_starts_at_the_first_job_of_the_last_claim()
    {
        var (older, newer) = (DueBeforeNoon(20), DueBeforeNoon(10));

        Claim(_mark, newer, older).ShouldBe(JobSortKey.Front);
        _mark.Next().ShouldBe(JobSortKey.Of(older.Instance.Job!));
    }

    [Fact]
    public void The_mark_stays_a_second_behind_now_for_late_commits()
    {
        Claim(_mark, DueBeforeNoon(0.5));

        _mark.Next().ShouldBe(JobSortKey.Of(An.Noon.UtcDateTime.AddSeconds(-1)));
    }

    [Theory]
    [InlineData(10, 1)] // In milliseconds and seconds: as often as it is asked for.
    [InlineData(500, 10)] // Looking takes long, as beside an open transaction: a twentieth of the time.
    public void A_claim_periodically_starts_at_the_front(int tookMilliseconds, int againAfterSeconds)
    {
        _mark.Next();
        _time.Advance(TimeSpan.FromMilliseconds(tookMilliseconds));
        _mark.Passed([DueBeforeNoon(20)]);

        _time.Advance(TimeSpan.FromSeconds(againAfterSeconds) - TimeSpan.FromMilliseconds(tookMilliseconds + 1));
        Claim(_mark, DueBeforeNoon(20)).ShouldNotBe(JobSortKey.Front);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Claim(_mark, DueBeforeNoon(20)).ShouldBe(JobSortKey.Front);
        Claim(_mark, DueBeforeNoon(20)).ShouldNotBe(JobSortKey.Front);
    }

    [Fact]
    public void Each_queue_has_a_separate_mark_and_the_number_of_marks_is_bounded()
    {
        var mark = new LowWaterMark(_time, TimeSpan.FromHours(1), step => step.Fence.JobId);
        var steps = Enumerable.Range(1, 1_001).Select(n => DueBeforeNoon(n + 1)).ToArray();
        Guid[] lines = [.. steps.Select(step => step.Fence.JobId)];
        mark.Next(lines);
        mark.Passed(steps);

        mark.Next(lines).ShouldBe([.. steps.Select(step => JobSortKey.Of(step.Instance.Job!))]);
        mark.Passed([steps[0]]);

        mark.Next(lines[..2]).ShouldBe([JobSortKey.Of(steps[0].Instance.Job!), JobSortKey.Front]);
    }

    [Fact]
    public void After_an_empty_claim_the_next_one_starts_where_it_ended()
    {
        var mark = new LowWaterMark(_time, TimeSpan.FromHours(1), step => step.Fence.JobId);
        var step = DueBeforeNoon(20);
        Guid[] lines = [step.Fence.JobId, Guid.NewGuid()];
        mark.Next(lines).ShouldBe([JobSortKey.Front, JobSortKey.Front]);
        mark.Passed([step]);

        mark.PassedOver(lines, [step], An.Noon.UtcDateTime);

        mark.Next(lines).ShouldBe([JobSortKey.Of(step.Instance.Job!), JobSortKey.Of(An.Noon.UtcDateTime.AddSeconds(-1))]);
    }

    private static JobSortKey Claim(LowWaterMark mark, params ClaimedStep[] steps)
    {
        var from = mark.Next();
        mark.Passed(steps);
        return from;
    }

    private ClaimedStep DueBeforeNoon(double seconds) => An.ClaimOf(An.InstanceOf(An.Noon.AddSeconds(-seconds), An.Mail), _time);
}
