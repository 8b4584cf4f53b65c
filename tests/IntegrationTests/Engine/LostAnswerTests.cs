using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Infrastructure.Persistence;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>Commands whose answer from the database was lost: cases that fault runs found.</summary>
public sealed class LostAnswerTests(TestDatabase database) : EngineTest(database)
{
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task A_committed_command_succeeds_although_the_answer_to_its_commit_is_lost(int furtherCuts)
    {
        await using var proxy = Proxy();
        var node = await Behind(proxy);
        var instance = await node.Enroll(await node.Sequence(Steps.WaitDays(1)));
        var (lost, cuts) = (false, furtherCuts);
        proxy.Statement = (moment, sql) =>
        {
            if (!lost && moment == Moment.After && sql == "COMMIT")
            {
                return lost = true;
            }

            return lost && cuts-- > 0;
        };

        var paused = await node.Send(new ActOnInstance(new(instance.Id), InstanceAction.Pause));

        lost.ShouldBeTrue();
        paused.IsSuccess.ShouldBeTrue(string.Join("; ", paused.ValidationErrors.Select(error => error.ErrorMessage)));
        (await Story(node, instance.Id)).ShouldBe(["enrolled", "paused"]);
    }

    [Fact]
    public async Task A_command_whose_commit_was_lost_runs_again_although_its_locks_are_still_held()
    {
        await using var proxy = Proxy();
        var node = await Behind(proxy);
        var instance = await node.Enroll(await node.Sequence(Steps.WaitDays(1)));
        var lost = false;
        proxy.Statement = (moment, sql) =>
        {
            if (lost || moment != Moment.Before || sql != "COMMIT")
            {
                return false;
            }

            // The server does not notice the end of the client, and keeps the transaction open.
            proxy.HalfOpen();
            return lost = true;
        };

        var paused = await node.Send(new ActOnInstance(new(instance.Id), InstanceAction.Pause));

        lost.ShouldBeTrue();
        paused.IsSuccess.ShouldBeTrue(string.Join("; ", paused.ValidationErrors.Select(error => error.ErrorMessage)));
        (await Story(node, instance.Id)).ShouldBe(["enrolled", "paused"]);
    }

    [Theory]
    [InlineData(PostgresErrorCodes.AdminShutdown, true, true)]
    [InlineData(PostgresErrorCodes.CrashShutdown, true, true)]
    [InlineData("25P03", true, true)]
    [InlineData(PostgresErrorCodes.SerializationFailure, true, false)]
    [InlineData(PostgresErrorCodes.DeadlockDetected, true, false)]
    [InlineData(PostgresErrorCodes.UniqueViolation, false, false)]
    public void A_terminated_session_is_a_transient_failure_with_an_unknown_commit(string state, bool passing, bool inDoubt)
    {
        var failure = new PostgresException("", "FATAL", "FATAL", state);

        PostgresFailures.IsTransient(failure).ShouldBe(passing);
        PostgresFailures.MayHaveCommitted(failure).ShouldBe(inDoubt);
    }

    private PostgresProxy Proxy() => new(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);

    private Task<TestNode> Behind(PostgresProxy proxy) =>
        Idle(
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
