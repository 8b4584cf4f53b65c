using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>A database with large tables, in which the test's user owns a tenth of the rows. It is filled once; each test works on a copy.</summary>
public sealed class LargeDatabase : IAsyncLifetime
{
    /// <summary>How many instances the test's user has.</summary>
    public const int Mine = 3_000;

    private readonly TestDatabase _filled = new();

    /// <summary>The sequence of the user's instances.</summary>
    public SequenceId Sequence { get; private set; }

    public async Task InitializeAsync()
    {
        await _filled.InitializeAsync();
        await using (var node = await TestNode.Create(_filled))
        {
            Sequence = await node.Sequence(Steps.Email(), Steps.WaitDays(1));
            var theirs = await node.Sequence(Steps.Email(), Steps.WaitDays(1));
            await node.EnrollMany(Sequence, Mine);
            await node.EnrollMany(theirs, 9 * Mine);
            await _filled.GiveToAnotherUser(theirs);
        }

        await _filled.Execute(
            """
            UPDATE instance SET name = 'Name ' || right(email, 30);
            SET session_replication_role = replica;
            INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, step_index, type, status, content, sent_at,
                                         previous_hash, hash)
            SELECT gen_random_uuid(), owner_id, instance_id, sequence_id, version, number + 100, 1, 'EMAIL', 'sent',
                   json_build_object('variant', CASE WHEN n % 500 = 0 THEN 'rare' WHEN n % 2 = 0 THEN 'short' ELSE 'long' END), now(), hash, hash
            FROM (SELECT *, row_number() OVER () AS n FROM follow_up_event WHERE number = 1) enrolled;
            UPDATE follow_up_event e SET owner_id = i.owner_id FROM instance i WHERE i.id = e.instance_id AND i.owner_id <> e.owner_id;
            INSERT INTO suppression (id, owner_id, channel, address, reason, created_at)
            SELECT gen_random_uuid(), owner_id, 'EMAIL', 'r' || row_number() OVER () || '@example.com', 'manual', now() FROM instance;
            INSERT INTO operation (id, owner_id, kind, state, parameters, done, refused, refused_by, errors, walked, deferred, created_at, served_at,
                                   run_after, failures, finished_at, actor_kind, revision)
            SELECT gen_random_uuid(), owner_id, 'reschedule', 'completed', '{}', 0, 0, '{}', 0, true, '{}', now(), now(), now(), 0, now(), 'user', 1
            FROM instance;
            INSERT INTO app_user (id, issuer, subject, created_at)
            SELECT gen_random_uuid(), 'urn:test', 'u' || row_number() OVER (), now() FROM instance;
            SET session_replication_role = DEFAULT;
            """
        );
        await _filled.Execute("VACUUM ANALYZE");
    }

    public Task DisposeAsync() => _filled.DisposeAsync();

    /// <summary>A copy, statistics included.</summary>
    public Task<TestDatabase> Copy() => _filled.Copy();
}
