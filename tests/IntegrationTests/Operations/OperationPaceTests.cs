using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>The round-robin of operations, and the size of a batch after a failure.</summary>
public sealed class OperationPaceTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task Operations_of_two_owners_alternate()
    {
        var office = await Idle();
        var mine = await Deleting(office, 700);
        var other = await Deleting(office, 700);
        await Database.Execute(
            """
            INSERT INTO app_user (id, issuer, subject, created_at) VALUES (gen_random_uuid(), 'urn:test', 'other', now());
            UPDATE operation SET owner_id = (SELECT id FROM app_user WHERE subject = 'other')
            WHERE id = (SELECT id FROM operation ORDER BY id DESC LIMIT 1);
            CREATE TABLE served (number int GENERATED ALWAYS AS IDENTITY, target uuid);
            CREATE FUNCTION note_batch() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN INSERT INTO served (target) VALUES (NEW.target_id); RETURN NULL; END $$;
            CREATE TRIGGER note_batch AFTER UPDATE ON operation FOR EACH ROW WHEN (NEW.done > OLD.done) EXECUTE FUNCTION note_batch();
            """
        );
        try
        {
            await Worker();
            await Eventually.Holds(
                async () => await Database.Read<long>("SELECT count(*) FROM operation WHERE finished_at IS NULL") == 0,
                "both have ended"
            );

            (await Database.ReadAll<Guid>("SELECT target FROM served ORDER BY number LIMIT 2")).ShouldBe(
                [mine.Value, other.Value],
                ignoreOrder: true
            );
        }
        finally
        {
            await Database.Execute("DROP TRIGGER note_batch ON operation; DROP FUNCTION note_batch(); DROP TABLE served");
        }
    }

    [Fact]
    public async Task A_batch_that_exceeds_the_command_timeout_is_retried_with_fewer_rows()
    {
        var office = await Idle();
        await Deleting(office, 400);
        var id = (await office.LastOperation()).Id;
        await Database.Execute(
            """
            CREATE FUNCTION slow_above_200() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN IF (SELECT count(*) FROM gone) > 200 THEN PERFORM pg_sleep(30); END IF; RETURN NULL; END $$;
            CREATE TRIGGER slow_above_200 AFTER DELETE ON instance REFERENCING OLD TABLE AS gone
              FOR EACH STATEMENT EXECUTE FUNCTION slow_above_200();
            """
        );
        try
        {
            var worker = await Worker(("ConnectionStrings:FollowUp", $"{Database.ConnectionString};Command Timeout=1"));
            var operation = await worker.Completes(id);

            operation.Done.ShouldBe(400);
            operation.LastError.ShouldNotBeNull();
        }
        finally
        {
            await Database.Execute("DROP TRIGGER slow_above_200 ON instance; DROP FUNCTION slow_above_200()");
        }
    }

    [Fact]
    public async Task An_operation_continues_without_a_total_if_its_first_batch_fails()
    {
        var node = await Idle();
        await Deleting(node, 200);
        var id = (await node.LastOperation()).Id;
        await Database.Execute("UPDATE operation SET total = NULL, failures = 1");

        await node.RunBatch(id, 100);
        var counted = (await node.Operation(id)).Total;
        await node.RunOperations();

        counted.ShouldBeNull();
        (await node.Operation(id)).Total.ShouldBe(200);
    }

    [Fact]
    public async Task A_row_that_cannot_be_changed_costs_only_a_few_batches()
    {
        var office = await Idle();
        var sequence = await office.Sequence(Steps.WaitDays(1));
        await office.EnrollMany(sequence, 200);
        await Database.Execute(
            """
            CREATE SEQUENCE refusals;
            CREATE TABLE bad AS SELECT id FROM instance ORDER BY id DESC LIMIT 1;
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF NEW.id = (SELECT id FROM bad) THEN PERFORM nextval('refusals'); RAISE EXCEPTION 'this row refuses'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON instance FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        );
        try
        {
            var begun = await office.Do(
                new ActOnInstances(
                    new()
                    {
                        Action = "pause",
                        Filter = new() { SequenceId = sequence.Value },
                    }
                )
            );
            var operation = await (await Worker()).Completes(begun.Id);

            (operation.Done, operation.Errors).ShouldBe((199, 1));
            (await Database.Read<long>("SELECT last_value FROM refusals")).ShouldBeLessThan(20);
        }
        finally
        {
            await Database.Execute("DROP TRIGGER refuse ON instance; DROP FUNCTION refuse(); DROP SEQUENCE refusals; DROP TABLE bad");
        }
    }

    private static async Task<SequenceId> Deleting(TestNode node, int instances)
    {
        var sequence = await node.Sequence(Steps.WaitDays(1));
        await node.EnrollMany(sequence, instances);
        await node.Do(new DeleteSequence(sequence, null));
        return sequence;
    }
}
