using FollowUp.Application.Instances;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>The list of instances and actions on many read the same filter, one as a query and one as SQL.</summary>
public sealed class InstanceFilterTests(TestDatabase database) : EngineTest(database)
{
    public static TheoryData<string, InstanceFilter, string[]> Filters =>
        new()
        {
            {
                "start of an address",
                new() { Q = "AN" },
                ["anna@example.com", "anton@example.com"]
            },
            {
                "start of a name",
                new() { Q = "schmidt, b" },
                ["b@example.com"]
            },
            {
                "a letter outside ASCII",
                new() { Q = "ÖZG" },
                ["c@example.com"]
            },
            {
                "no wildcard",
                new() { Q = "a%" },
                []
            },
            {
                "no placeholder",
                new() { Q = "_" },
                []
            },
            {
                "a backslash",
                new() { Q = "\\" },
                []
            },
            {
                "not the middle",
                new() { Q = "nna" },
                []
            },
            {
                "address",
                new() { Email = "Anna@Example.com" },
                ["anna@example.com"]
            },
            {
                "domain outside ASCII",
                new() { Email = "d@bücher.example" },
                ["d@bücher.example"]
            },
            {
                "step",
                new() { Step = 1 },
                ["anton@example.com"]
            },
            {
                "version",
                new() { Version = 7 },
                ["b@example.com"]
            },
            {
                "reason",
                new() { StopReason = "goal" },
                ["c@example.com"]
            },
            {
                "variant",
                new() { Variant = "short" },
                ["anton@example.com", "b@example.com"]
            },
            {
                "variant that was never sent",
                new() { Variant = "SHORT" },
                []
            },
            {
                "variant and version",
                new() { Variant = "short", Version = 7 },
                ["b@example.com"]
            },
            {
                "attention",
                new() { Attention = "late" },
                ["anna@example.com"]
            },
            {
                "due",
                new() { DueBefore = DateTimeOffset.UtcNow.AddHours(1) },
                ["anna@example.com"]
            },
            {
                "several",
                new() { Q = "a", Step = 0 },
                ["anna@example.com"]
            },
        };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task The_list_and_an_action_find_the_same_instances(string _, InstanceFilter filter, string[] expected)
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1), Steps.Email());
        foreach (var email in new[] { "anna@example.com", "anton@example.com", "b@example.com", "c@example.com", "d@bücher.example" })
        {
            await node.Enroll(sequence, email);
        }

        await Database.Execute(
            """
            UPDATE instance SET name = 'Other';
            UPDATE instance SET attention = 'late' WHERE email_key = 'anna@example.com';
            UPDATE step_job SET due_at = now() WHERE instance_id = (SELECT id FROM instance WHERE email_key = 'anna@example.com');
            UPDATE instance SET current_step = 1 WHERE email_key = 'anton@example.com';
            UPDATE instance SET version = 7, name = 'Schmidt, Bea' WHERE email_key = 'b@example.com';
            UPDATE instance SET status = 'STOPPED', stop_reason = 'goal', name = 'Özge' WHERE email_key = 'c@example.com';
            """
        );

        // Events of other users and of steps that were not sent do not count; two events of one instance count once.
        await Database.Execute(
            """
            SET session_replication_role = replica;
            INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, step_index, type, status, content, sent_at,
                                         previous_hash, hash)
            SELECT gen_random_uuid(), e.owner_id, e.instance_id, e.sequence_id, e.version, e.number + 100 + n, 1, 'EMAIL', s.status,
                   json_build_object('variant', s.variant), now(), e.hash, e.hash
            FROM follow_up_event e JOIN instance i ON i.id = e.instance_id
            JOIN (VALUES ('anton@example.com', 1, 'sent', 'short'), ('anton@example.com', 2, 'sent', 'short'),
                         ('b@example.com', 1, 'sent', 'short'), ('c@example.com', 1, 'skipped', 'short'),
                         ('anna@example.com', 1, 'sent', 'long')) AS s (email, n, status, variant) ON s.email = i.email_key;
            SET session_replication_role = DEFAULT;
            """
        );

        var listed = await node.Do(new ListInstances(filter, null, null));
        var counted = await node.Do(new CountInstanceAction(new() { Action = "pause", Filter = filter }));
        var id = (
            await node.Do(
                new ActOnInstances(
                    new()
                    {
                        Action = "stop",
                        Reason = "manual",
                        Filter = filter,
                    }
                )
            )
        ).Id;
        await node.RunOperations();

        listed.Items.Select(instance => instance.Recipient.Email.ToString()).ShouldBe(expected, ignoreOrder: true);
        counted.Matching.ShouldBe(expected.Length);
        var operation = await node.Operation(id);
        (operation.Done + operation.Refused).ShouldBe(expected.Length);
    }

    [Fact]
    public async Task A_filter_that_breaks_a_rule_names_its_field()
    {
        var node = await Idle();
        var filter = new InstanceFilter
        {
            Q = new string('a', 255),
            StopReason = "tired",
            Variant = new string('v', 51),
        };

        var listed = await node.Send(new ListInstances(filter, null, null));
        var acted = await node.Send(new ActOnInstances(new() { Action = "pause", Filter = filter }));

        listed.ValidationErrors.Select(error => error.Identifier).ShouldBe(["stopReason", "variant", "q"]);
        acted.ValidationErrors.Select(error => error.Identifier).ShouldBe(["filter.stopReason", "filter.variant", "filter.q"]);
    }
}
