using FollowUp.Application.Sequences;
using FollowUp.IntegrationTests.Support;
using Npgsql;

namespace FollowUp.IntegrationTests.Log;

/// <summary>The database deletes events only with their sequence, of which it keeps a tombstone.</summary>
public sealed class GuardTests(TestDatabase database) : EngineTest(database)
{
    [Theory]
    [InlineData("CREATE TEMP TABLE sequence (id uuid, deleted_at timestamptz); DELETE FROM follow_up_event")]
    [InlineData("CREATE TEMP TABLE sequence (id uuid, deleted_at timestamptz); DELETE FROM instance")]
    [InlineData(
        "CREATE SCHEMA IF NOT EXISTS other; SELECT set_config('search_path', 'other,' || current_schema(), false); CREATE TABLE IF NOT EXISTS other.sequence (id uuid, deleted_at timestamptz); DELETE FROM follow_up_event"
    )]
    [InlineData("UPDATE follow_up_event SET position = DEFAULT")]
    public async Task The_log_stays_append_only_beside_another_table_named_sequence(string sql)
    {
        var node = await Idle();
        await node.Enroll(await node.Sequence(Steps.Email()));

        var change = () => Database.Execute(sql);

        (await change.ShouldThrowAsync<PostgresException>()).MessageText.ShouldContain("append-only");
    }

    [Fact]
    public async Task Every_function_resolves_names_in_its_schema_first_and_in_temporary_tables_last()
    {
        (await Database.FunctionsWithAnotherPath()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deleted_sequence_leaves_an_immutable_tombstone_with_counts_and_a_digest()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Wait("P30D"));
        await node.EnrollMany(sequence, 3);
        var digest = await Database.Read<byte[]>(
            """
            SELECT sha256(convert_to(string_agg(id || ' ' || event_count || ' ' || encode(event_hash, 'hex'), E'\n' ORDER BY id), 'UTF8'))
            FROM instance
            """
        );

        await node.Do(new DeleteSequence(sequence, null));

        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT coalesce(sum(instances), 0) FROM sequence_tombstone") == 3,
            "the tombstone is there"
        );
        (await Database.Read<long>("SELECT sum(events)::bigint FROM sequence_tombstone")).ShouldBe(3);
        (await Database.ReadAll<byte[]>("SELECT digest FROM sequence_tombstone")).ShouldBe([digest]);
        (await Database.Read<Guid>("SELECT sequence_id FROM sequence_tombstone")).ShouldBe(sequence.Value);
        foreach (
            var sql in (string[])
                ["UPDATE sequence_tombstone SET events = 0", "DELETE FROM sequence_tombstone", "TRUNCATE sequence_tombstone"]
        )
        {
            var change = () => Database.Execute(sql);
            (await change.ShouldThrowAsync<PostgresException>()).MessageText.ShouldContain("append-only");
        }
    }
}
