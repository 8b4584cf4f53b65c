using System.Security.Cryptography;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Log;

/// <summary>Checkpoints detect changes by an attacker who can write to the database but does not have the key.</summary>
public sealed class CheckpointTests(TestDatabase database) : EngineTest(database)
{
    private static readonly string Key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Changes the last event of each timeline and computes its hash again, as the program does.</summary>
    private const string Recompute = """
        SET session_replication_role = replica;
        UPDATE follow_up_event e SET content = '{"reason":"forged"}' FROM instance i WHERE i.id = e.instance_id AND e.number = i.event_count;
        UPDATE follow_up_event e SET hash = sha256(convert_to(concat_ws(E'\n', encode(previous_hash, 'hex'), e.id, e.owner_id, e.instance_id,
            e.sequence_id, e.version, number, coalesce(step_index::text, ''), type, coalesce(e.status, ''), coalesce(message_id::text, ''),
            (extract(epoch FROM sent_at) * 1000000)::bigint, actor_kind, coalesce(actor_id::text, ''), content), 'UTF8'))
        FROM instance i WHERE i.id = e.instance_id AND e.number = i.event_count;
        UPDATE instance i SET event_hash = e.hash FROM follow_up_event e WHERE e.instance_id = i.id AND e.number = i.event_count;
        RESET session_replication_role
        """;

    /// <summary>Removes the last event of each timeline and makes the previous one the last.</summary>
    private const string Truncate = """
        SET session_replication_role = replica;
        DELETE FROM follow_up_event e USING instance i WHERE i.id = e.instance_id AND e.number = i.event_count;
        UPDATE instance i SET event_count = e.number, event_hash = e.hash
        FROM follow_up_event e WHERE e.instance_id = i.id AND e.number = i.event_count - 1;
        RESET session_replication_role
        """;

    [Fact]
    public async Task Every_write_to_a_timeline_leaves_a_valid_checkpoint()
    {
        var node = await Sealing(worker: true);
        var waiting = await node.Sequence(Steps.Wait("P30D"), Steps.Email());
        var quick = await node.Sequence(Steps.Email(), Steps.WaitDays(0), Steps.Sms());
        await node.EnrollMany(waiting, 3);
        var done = await node.Enroll(quick);
        await node.Becomes(done.Id, "COMPLETED");
        var person = new InstanceId((await node.Enroll(waiting)).Id);
        await node.Do(new ActOnInstance(person, InstanceAction.Pause));
        await node.Do(new ActOnInstance(person, InstanceAction.Resume()));
        await node.Do(new ActOnInstance(person, InstanceAction.Stop(StopReason.Manual)));

        var ids = await Database.ReadAll<Guid>("SELECT id FROM instance");

        ids.Count.ShouldBe(5);
        foreach (var id in ids)
        {
            var check = await Verify(node, id);
            (check.Checkpoint, check.Intact).ShouldBe(("valid", true));
        }
    }

    [Theory]
    [InlineData(Truncate)]
    [InlineData(Recompute)]
    public async Task A_tail_forged_without_the_key_is_detected(string forgery)
    {
        var (node, instance) = await Paused();

        await Database.Execute(forgery);

        var check = await Verify(node, instance);
        (check.Intact, check.Checkpoint).ShouldBe((false, "invalid"));
        check.Findings.ShouldBe(["checkpointInvalid"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_forged_tail_is_detected_after_further_events(bool byWorker)
    {
        var (node, instance) = await Paused();
        await Database.Execute(Truncate);

        if (byWorker)
        {
            await Database.Execute(
                "UPDATE instance SET status = 'ACTIVE'; UPDATE step_job SET state = 'ready', parked_at = NULL, park_reason = NULL"
            );
            await Sealing(worker: true);
            await MakeDue(instance);
            await node.Becomes(instance, "COMPLETED");
        }
        else
        {
            await node.Do(new ActOnInstance(new(instance), InstanceAction.Stop(StopReason.Manual)));
        }

        (await Verify(node, instance)).Findings.ShouldContain("checkpointInvalid");
    }

    [Fact]
    public async Task A_deleted_checkpoint_is_detected_and_one_that_never_existed_is_accepted()
    {
        var without = await Idle(("Log:CheckpointKey", "off"));
        var sequence = await without.Sequence(Steps.Wait("P30D"));
        var before = await without.Enroll(sequence);
        var node = await Sealing();
        var after = await node.Enroll(sequence);

        await Database.Execute("UPDATE instance SET event_seal = NULL");

        (await Verify(without, before.Id)).ShouldSatisfyAllConditions(c => c.Checkpoint.ShouldBe("off"), c => c.Intact.ShouldBeTrue());
        (await Verify(node, before.Id)).ShouldSatisfyAllConditions(c => c.Checkpoint.ShouldBe("beforeKey"), c => c.Intact.ShouldBeTrue());
        (await Verify(node, after.Id)).Findings.ShouldBe(["checkpointMissing"]);
        await Database.Execute("UPDATE log_seal_start SET since = now() + interval '1 day'");
        (await Verify(node, after.Id)).Findings.ShouldBe(["checkpointMissing"]);
    }

    [Fact]
    public async Task A_previous_key_still_verifies_its_checkpoints()
    {
        var (_, instance) = await Paused();
        var newKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var both = await Idle(("Log:CheckpointKey", $"{newKey}, {Key}"));
        var only = await Idle(("Log:CheckpointKey", newKey));

        (await Verify(both, instance)).Checkpoint.ShouldBe("valid");
        (await Verify(only, instance)).Checkpoint.ShouldBe("invalid");
        await both.Do(new ActOnInstance(new(instance), InstanceAction.Stop(StopReason.Manual)));
        (await Verify(only, instance)).Checkpoint.ShouldBe("valid");
    }

    [Fact]
    public async Task An_altered_stored_message_is_detected_and_an_erased_one_is_counted()
    {
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email(), Steps.Email("Second", "<p>two</p>")));
        await node.Becomes(instance.Id, "COMPLETED");
        var before = await Verify(node, instance.Id);
        await Database.Execute("UPDATE message SET html = replace(html, 'two', 'three') WHERE subject = 'Second'");
        var altered = await Verify(node, instance.Id);
        await Database.Execute("DELETE FROM message WHERE subject = 'Second'");
        var erased = await Verify(node, instance.Id);

        (before.Intact, before.Messages, before.ErasedMessages).ShouldBe((true, 2, 0));
        altered.Findings.ShouldBe(["messageAltered"]);
        (erased.Intact, erased.Messages, erased.ErasedMessages).ShouldBe((true, 1, 1));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("AAAA")]
    [InlineData("not base64 at all, neither is this one, is it?")]
    public async Task An_invalid_key_stops_the_program_and_the_error_names_the_setting(string key)
    {
        var start = () => Idle(("Log:CheckpointKey", key));

        (await start.ShouldThrowAsync<SettingException>()).Message.ShouldContain("Log:CheckpointKey");
    }

    /// <summary>A node with the key.</summary>
    private async Task<TestNode> Sealing(bool worker = false)
    {
        (string, string) key = ("Log:CheckpointKey", Key);
        return worker ? await Worker(key) : await (await Idle(key, ("Role", "api"))).Start();
    }

    /// <summary>An instance with two events, and a checkpoint.</summary>
    private async Task<(TestNode Node, Guid Instance)> Paused()
    {
        var node = await Sealing();
        var instance = await node.Enroll(await node.Sequence(Steps.Wait("P30D")));
        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Pause));
        return (node, instance.Id);
    }

    private static Task<TimelineCheck> Verify(TestNode node, Guid instance) => node.Do(new VerifyTimeline(new(instance)));
}
