using System.Reflection;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>A node releases claims that it does not work on, so that the sweep neither counts an attempt nor puts a step in doubt.</summary>
public sealed class LostClaimTests(TestDatabase database) : EngineTest(database)
{
    private const string Claiming = "set_config('followup.leased'";

    [Fact]
    public async Task A_claim_of_a_wait_step_whose_answer_was_lost_is_released_without_an_attempt()
    {
        await using var proxy = Proxy();
        var node = await Behind(proxy);
        var instance = await node.Enroll(await node.Sequence(Steps.WaitDays(0), Steps.WaitDays(1)));
        var cuts = 0;
        proxy.Statement = (at, sql) => at == Moment.After && sql.Contains(Claiming) && Interlocked.Increment(ref cuts) == 1;

        await node.Start();

        // The lease is a minute and the sweep would count an attempt.
        await Eventually.Holds(
            async () => await Database.Read<int>("SELECT current_step FROM instance WHERE id = $1", instance.Id) == 1,
            "the WAIT is over"
        );
        cuts.ShouldBeGreaterThan(0);
        (await Story(node, instance.Id)).ShouldBe(["enrolled", "WAIT completed"]);
    }

    [Fact]
    public async Task A_lost_claim_that_commits_later_is_found_by_the_next_search()
    {
        await using var proxy = Proxy();
        var clock = new ClockThatJumps();
        var node = await Behind(proxy, clock);
        await node.Enroll(await node.Sequence(Steps.WaitDays(0)));
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var cuts = 0;
        proxy.Statement = (at, sql) => at == Moment.Before && sql.Contains(Claiming) && Interlocked.Increment(ref cuts) == 1;
        await Should.ThrowAsync<NpgsqlException>(() => outbox.Claim(1, CancellationToken.None));
        // The second claim does not see the first one and releases its own step; then the first one commits.
        var second = (await outbox.Claim(1, CancellationToken.None)).Steps.Single();
        await Database.Execute("UPDATE step_job SET claim_number = claim_number - 1");

        (await outbox.Claim(1, CancellationToken.None)).Steps.ShouldBeEmpty();
        clock.Ahead = TimeSpan.FromSeconds(6);

        (await outbox.Claim(1, CancellationToken.None)).Steps.Single().Fence.JobId.ShouldBe(second.Fence.JobId);
    }

    [Fact]
    public async Task A_locked_job_of_a_lost_claim_delays_no_claim_and_is_found_by_the_next_search()
    {
        await using var proxy = Proxy();
        var clock = new ClockThatJumps();
        var node = await Behind(proxy, clock);
        var lost = await node.Enroll(await node.Sequence(Steps.WaitDays(0)));
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var cuts = 0;
        proxy.Statement = (at, sql) => at == Moment.After && sql.Contains(Claiming) && Interlocked.Increment(ref cuts) == 1;
        await Should.ThrowAsync<NpgsqlException>(() => outbox.Claim(1, CancellationToken.None));
        await using var job = await Locks.Take(Database, lost.Id, "SELECT 1 FROM step_job WHERE instance_id = $1 FOR UPDATE");
        var other = await node.Enroll(await node.Sequence(Steps.WaitDays(0)));

        var meanwhile = await outbox.Claim(1, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        await job.Release();
        clock.Ahead = TimeSpan.FromSeconds(6);
        var afterwards = await outbox.Claim(1, CancellationToken.None);

        meanwhile.Steps.Single().Instance.Id.Value.ShouldBe(other.Id);
        afterwards.Steps.Single().Instance.Id.Value.ShouldBe(lost.Id);
    }

    [Fact]
    public async Task A_locked_attempt_of_a_step_that_was_not_sent_delays_no_claim_and_is_deleted_later()
    {
        var node = await Idle();
        await node.Enroll(await node.Sequence(Steps.Email()));
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var step = (await outbox.Claim(1, CancellationToken.None)).Steps.Single();
        await using var attempt = await Locks.Take(Database, step.AttemptId!.Value.Value, "SELECT 1 FROM attempt WHERE id = $1 FOR UPDATE");

        await outbox.Unsent(step, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        var whileLocked = await Database.Read<long>("SELECT count(*) FROM attempt");
        await attempt.Release();
        await outbox.Claim(1, CancellationToken.None);

        whileLocked.ShouldBe(1);
        (await Database.Read<long>("SELECT count(*) FROM attempt")).ShouldBe(0);
    }

    [Fact]
    public async Task A_shutdown_releases_its_claims_despite_a_short_database_outage()
    {
        await using var proxy = Proxy();
        var node = await Behind(proxy);
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        var (stopping, cuts) = (Task.CompletedTask, 0);
        proxy.Statement = (at, sql) =>
        {
            if (at == Moment.After && sql.Contains(Claiming) && stopping.IsCompleted && cuts == 0)
            {
                // The claim commits at the start of the shutdown; its answer arrives later.
                stopping = node.Stop();
                SpinWait.SpinUntil(() => IsStopping(node), TimeSpan.FromSeconds(30));
                cuts = 1;
            }

            return cuts is > 0 and < 5 && at == Moment.Before && sql.Contains("SET state = 'ready'") && Interlocked.Increment(ref cuts) < 5;
        };

        await node.Start();
        await Eventually.Holds(() => Task.FromResult(cuts > 0), "the stop begins during a claim");
        await stopping;

        cuts.ShouldBe(5, "giving back was cut off three times");
        SendGrid.Requests.ShouldBe(0);
        (await Database.Read<string>("SELECT state FROM step_job WHERE instance_id = $1", instance.Id)).ShouldBe("ready");
        (await Database.Read<long>("SELECT count(*) FROM attempt")).ShouldBe(0);
    }

    [Fact]
    public async Task A_step_that_failed_before_the_provider_call_is_not_in_doubt_despite_a_database_outage()
    {
        await using var proxy = Proxy();
        var node = await Behind(proxy);
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        var (loads, deletes) = (0, 0);
        proxy.Statement = (at, sql) =>
            at == Moment.Before
            && (
                (sql.Contains("SELECT steps FROM sequence_version") && Interlocked.Increment(ref loads) == 1)
                || (sql.Contains("DELETE FROM attempt WHERE id = ANY") && Interlocked.Increment(ref deletes) == 1)
            );

        await node.Start();
        await Eventually.Holds(
            async () => deletes > 1 && await Database.Read<long>("SELECT count(*) FROM attempt") == 0,
            "the attempt is deleted with the next claim"
        );

        await Database.Travel(TimeSpan.FromMinutes(2));
        await node.Becomes(instance.Id, "COMPLETED");
        (await Story(node, instance.Id)).ShouldNotContain("inDoubt");
        SendGrid.Requests.ShouldBe(1);
    }

    /// <summary>Whether the shutdown has reached the pump, which happens shortly after the host starts to stop.</summary>
    private static bool IsStopping(TestNode node) =>
        typeof(BackgroundService)
            .GetField("_stoppingCts", BindingFlags.Instance | BindingFlags.NonPublic)!
            .GetValue(node.Services.GetRequiredService<StepPump>())
            is CancellationTokenSource { IsCancellationRequested: true };

    private PostgresProxy Proxy() => new(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);

    private Task<TestNode> Behind(PostgresProxy proxy, TimeProvider? clock = null) =>
        Idle(
            clock ?? TimeProvider.System,
            (
                "ConnectionStrings:FollowUp",
                new NpgsqlConnectionStringBuilder(Database.ConnectionString)
                {
                    Port = proxy.Port,
                    SslMode = SslMode.Disable,
                    GssEncryptionMode = GssEncryptionMode.Disable,
                }.ConnectionString
            )
        );
}
