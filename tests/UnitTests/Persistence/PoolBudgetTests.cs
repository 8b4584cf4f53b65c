using FollowUp.Infrastructure.Sandbox;
using Microsoft.Extensions.Time.Testing;

namespace FollowUp.UnitTests.Persistence;

/// <summary>The sharing of the connection budget between sandboxes.</summary>
public sealed class PoolBudgetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _closed = [];
    private readonly PoolBudget _budget;

    public PoolBudgetTests() => _budget = new PoolBudget(2, _time);

    [Fact]
    public async Task An_idle_pool_keeps_its_connections_until_another_needs_its_share()
    {
        await Enter("a");
        await Enter("b");
        _budget.Leave("a");
        await Enter("a");
        _budget.Leave("a");
        _closed.ShouldBeEmpty();

        await Enter("c");

        _closed.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Of_two_idle_pools_the_one_that_was_idle_longer_is_closed()
    {
        await Enter("a");
        await Enter("b");
        _budget.Leave("b");
        _budget.Leave("a");

        await Enter("c");

        _closed.ShouldBe(["b"]);
    }

    [Fact]
    public async Task A_pool_beyond_the_budget_waits_for_an_idle_one_in_order_of_arrival()
    {
        await Enter("a");
        await Enter("b");
        await Enter("b");
        var third = Enter("c");
        var fourth = Enter("d");

        _budget.Leave("b");
        (third.IsCompleted, fourth.IsCompleted).ShouldBe((false, false));
        _budget.Leave("b");
        await third;

        _closed.ShouldBe(["b"]);
        fourth.IsCompleted.ShouldBeFalse();
        _budget.Leave("c");
        await fourth;
    }

    [Fact]
    public async Task While_others_wait_a_busy_pool_accepts_no_requests_beyond_its_time_share()
    {
        await Enter("a");
        await Enter("b");
        var waiting = Enter("c");
        await Enter("a");

        _time.Advance(TimeSpan.FromSeconds(3));
        var newcomer = Enter("a");

        newcomer.IsCompleted.ShouldBeFalse();
        _budget.Leave("a");
        _budget.Leave("a");
        await waiting;
        _closed.ShouldBe(["a"]);
        _budget.Leave("b");
        await newcomer;
    }

    [Fact]
    public async Task A_cancelled_request_leaves_the_queue()
    {
        await Enter("a");
        await Enter("b");
        using var giveUp = new CancellationTokenSource();
        var first = _budget.Enter("c", () => { }, giveUp.Token);
        var second = Enter("d");

        await giveUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        _budget.Forget("a");

        await second;
    }

    private Task Enter(string pool) =>
        _budget.Enter(pool, () => _closed.Add(pool), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
}
