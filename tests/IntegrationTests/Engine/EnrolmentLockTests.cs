using FollowUp.Application.Sequences;
using FollowUp.IntegrationTests.Support;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>Continuous enrolments do not block disabling the sequence.</summary>
public sealed class EnrolmentLockTests(TestDatabase database) : EngineTest(database)
{
    private const long Gate = 4712;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_enrolment_concurrent_with_disabling_its_sequence_sends_nothing(bool many)
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        await Database.Execute(
            $"""
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $hold$
            BEGIN PERFORM pg_advisory_xact_lock_shared({Gate}); RETURN NEW; END $hold$;
            CREATE TRIGGER hold BEFORE INSERT ON instance FOR EACH ROW EXECUTE FUNCTION hold();
            """
        );
        try
        {
            await using var gate = await Database.DataSource.OpenConnectionAsync();
            await Execute(gate, $"SELECT pg_advisory_lock({Gate})");
            var enrolling = many ? node.EnrollMany(sequence, 3) : node.Enroll(sequence);
            await Eventually.Holds(async () => await Database.WaitingForLocks() > 0, "the enrolment is under way");

            var disabled = await node.Do(new UpdateSequence(sequence, default, default, false, default, null))
                .WaitAsync(TimeSpan.FromSeconds(30));

            disabled.Enabled.ShouldBeFalse();
            enrolling.IsCompleted.ShouldBeFalse();
            await Execute(gate, $"SELECT pg_advisory_unlock({Gate})");
            await enrolling;
        }
        finally
        {
            await Database.Execute("DROP TRIGGER hold ON instance; DROP FUNCTION hold");
        }

        await node.Start();
        await Eventually.Holds(
            async () =>
                await Database.Read<bool>(
                    "SELECT count(*) > 0 AND count(*) = count(*) FILTER (WHERE park_reason = 'sequenceDisabled') FROM step_job"
                ),
            "the steps are parked"
        );
        SendGrid.Requests.ShouldBe(0);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
