using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.Time.Testing;

namespace FollowUp.UnitTests.Persistence;

/// <summary>Reads that many callers share.</summary>
public sealed class SharedReadTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new();
    private int _reads;

    [Fact]
    public async Task Callers_of_a_period_share_one_read()
    {
        var shared = new SharedRead<int>(() => Task.FromResult(Interlocked.Increment(ref _reads)), Period, _time);

        (await shared.Get(CancellationToken.None)).ShouldBe(1);
        _time.Advance(Period - TimeSpan.FromTicks(1));
        (await shared.Get(CancellationToken.None)).ShouldBe(1);
        _time.Advance(TimeSpan.FromTicks(1));
        (await shared.Get(CancellationToken.None)).ShouldBe(2);
    }

    [Fact]
    public async Task Callers_wait_for_a_running_read_however_long_it_takes_and_a_caller_that_leaves_does_not_end_it()
    {
        var answer = new TaskCompletionSource<int>();
        var shared = new SharedRead<int>(
            () =>
            {
                Interlocked.Increment(ref _reads);
                return answer.Task;
            },
            Period,
            _time
        );
        using var left = new CancellationTokenSource();
        var first = shared.Get(left.Token);
        _time.Advance(Period * 5);
        var second = shared.Get(CancellationToken.None);

        await left.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        answer.SetResult(7);

        (await second).ShouldBe(7);
        _reads.ShouldBe(1);
    }

    [Fact]
    public async Task A_read_that_failed_is_not_kept()
    {
        var shared = new SharedRead<int>(
            () => ++_reads == 1 ? Task.FromException<int>(new TimeoutException()) : Task.FromResult(_reads),
            Period,
            _time
        );

        await Should.ThrowAsync<TimeoutException>(shared.Get(CancellationToken.None));
        (await shared.Get(CancellationToken.None)).ShouldBe(2);
    }
}
