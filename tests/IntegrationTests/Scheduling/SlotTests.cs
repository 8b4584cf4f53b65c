using FollowUp.Application.Dispatch;
using FollowUp.Application.Quotas;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.Infrastructure.Instances;
using FollowUp.Infrastructure.Persistence;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Scheduling;

/// <summary>Slots of a limit: who gets the last one, when one is given back, and what it costs when there is none.</summary>
public sealed class SlotTests(TestDatabase database) : EngineTest(database)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_earlier_enrolment_gets_the_last_slot(bool areFollowUps)
    {
        var (one, other) = (await Idle(), await Idle());
        await one.Do(new SetLimits(null, 1, null, null, null));
        var sequence = await one.Sequence(Steps.Email());
        var earlier = (await one.Enroll(sequence, "earlier@example.com")).Id;
        await one.Enroll(sequence, "later@example.com");
        await Database.Execute("UPDATE step_job SET is_first = $1", !areFollowUps);
        var first = (await Outbox(one).Claim(1, CancellationToken.None)).Steps.Single();
        var second = (await Outbox(other).Claim(1, CancellationToken.None)).Steps.Single();
        first.Instance.Id.Value.ShouldBe(earlier);

        await other.Do(new ExecuteStep(second));
        await one.Do(new ExecuteStep(first));

        SendGrid.Accepted.Select(mail => mail.To).ShouldBe(["earlier@example.com"]);
        // The later one asks again in a moment; only then is it known that the day is used up.
        (await Database.Read<bool>("SELECT due_at < now() + interval '1 minute' FROM step_job")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_slot_whose_answer_was_lost_is_taken_once()
    {
        await using var proxy = new PostgresProxy(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);
        var node = await Idle(Through(proxy));
        await node.Do(new SetLimits(null, 5, null, null, null));
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        var (asked, cuts) = (false, 0);
        proxy.Statement = (at, sql) =>
        {
            asked |= sql.Contains("UPDATE attempt SET has_slot");
            return asked
                && at == Moment.After
                && sql.StartsWith("COMMIT", StringComparison.Ordinal)
                && Interlocked.Increment(ref cuts) == 1;
        };

        await node.Start();
        await node.Becomes(instance.Id, "COMPLETED");

        cuts.ShouldBeGreaterThan(0);
        (await node.Do(new GetLimits())).Today.Mails.ShouldBe(1);
    }

    [Fact]
    public async Task A_slot_is_given_back_when_counting_against_the_ceiling_fails()
    {
        var node = await Idle(("Ceilings:MailsPerDay", "10"));
        await node.Do(new SetLimits(null, 5, null, null, null));
        await node.Enroll(await node.Sequence(Steps.Email()));
        var step = (await Outbox(node).Claim(1, CancellationToken.None)).Steps.Single();
        await Database.Execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF NOT EXISTS (SELECT 1 FROM attempt WHERE has_slot) THEN RETURN NEW; END IF; RAISE EXCEPTION 'refused'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON ceiling_count FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        );
        try
        {
            (await Should.ThrowAsync<PostgresException>(() => node.Send(new ExecuteStep(step)))).MessageText.ShouldBe("refused");
        }
        finally
        {
            await Database.Execute("DROP FUNCTION refuse() CASCADE");
        }

        (await node.Do(new GetLimits())).Today.Mails.ShouldBe(0);
        SendGrid.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task Many_concurrent_refusals_reschedule_the_owners_mails_once()
    {
        await using var proxy = new PostgresProxy(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);
        var node = await Idle(Through(proxy), ("Dispatcher:Lanes", "64"));
        await node.Do(new SetLimits(null, 1, null, null, null));
        await node.EnrollMany(await node.Sequence(Steps.Email()), 3_000);
        var (now, most, asking) = (0, 0, 0);
        proxy.Statement = (at, sql) =>
        {
            if (sql.Contains("AND is_first IS NOT DISTINCT FROM"))
            {
                var open = at == Moment.Before ? Interlocked.Increment(ref now) : Interlocked.Decrement(ref now);
                most = Math.Max(most, open);
            }

            if (sql.Contains("LEFT JOIN send_limit USING") && at == Moment.Before)
            {
                Interlocked.Increment(ref asking);
            }

            return false;
        };

        await node.Start();
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM step_job WHERE due_at > now()") == 2_999,
            "all others wait for tomorrow"
        );

        most.ShouldBe(1);
        asking.ShouldBeLessThan(1_000, "the others were moved without being claimed");
        SendGrid.Accepted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Rescheduling_reads_the_owners_due_mails_by_an_index_in_order()
    {
        var node = await Idle();
        await node.EnrollMany(await node.Sequence(Steps.Email()), 1);
        await Database.Execute(
            """
            SET session_replication_role = replica;
            INSERT INTO step_job (id, instance_id, owner_id, sequence_id, step_index, step_type, state, due_at, attempt, enqueued_at)
            SELECT gen_random_uuid(), gen_random_uuid(), owner_id, sequence_id, 0, 'EMAIL', 'ready', now() - n * interval '1 second', 0, now()
            FROM step_job, generate_series(1, 20000) n;
            ANALYZE step_job;
            SET session_replication_role = DEFAULT;
            """
        );
        await using var command = node
            .Services.GetRequiredService<EngineDatabase>()
            .Connections.CreateCommand($"EXPLAIN {JobRescheduler.DueOfOwner}");
        JobSortKey.Front.AddTo(command.Parameters);
        command.Parameters.AddWithValue("owner", TestNode.Owner.Value);
        command.Parameters.AddWithValue("step_type", "EMAIL");
        command.Parameters.AddWithValue("is_first", true);
        List<string> plan = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        string.Join('\n', plan).ShouldMatch("Index Scan using ix_step_job_(turn|email) ");
        string.Join('\n', plan).ShouldNotContain("Sort");
    }

    private static StepOutbox Outbox(TestNode node) => node.Services.GetRequiredService<StepOutbox>();

    private (string, string) Through(PostgresProxy proxy) =>
        (
            "ConnectionStrings:FollowUp",
            new NpgsqlConnectionStringBuilder(Database.ConnectionString)
            {
                Port = proxy.Port,
                SslMode = SslMode.Disable,
                GssEncryptionMode = GssEncryptionMode.Disable,
            }.ConnectionString
        );
}
