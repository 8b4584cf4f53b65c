using FollowUp.Application.Accounts;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using Npgsql;
using NpgsqlTypes;

namespace FollowUp.Infrastructure.Persistence;

internal sealed class SequencePages(NpgsqlDataSource dataSource, ICaller caller) : ISequencePages
{
    /// <summary>
    /// In SQL, because making EF Core's two queries cost more than carrying them out. Instances are counted in folded rows and in rows that are
    /// still to be folded (see <see cref="StepStatRollup"/>).
    /// </summary>
    private const string Sql = """
        WITH page AS MATERIALIZED (
          SELECT * FROM sequence WHERE owner_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3),
        each AS (
          SELECT c.sequence_id, c.status, c.count FROM page JOIN instance_count c ON c.sequence_id = page.id
          UNION ALL
          SELECT d.sequence_id, d.status, d.count FROM page JOIN instance_count_delta d ON d.sequence_id = page.id),
        total AS (
          SELECT sequence_id, array_agg(status) AS statuses, array_agg(count) AS counts
          FROM (SELECT sequence_id, status, sum(count)::int AS count FROM each GROUP BY sequence_id, status) summed GROUP BY sequence_id)
        SELECT page.id, page.name, page.description, page.enabled, page.current_version, v.id, page.schedule, page.created_at, page.updated_at,
               page.revision, total.statuses, total.counts
        FROM page
        JOIN sequence_version v ON v.sequence_id = page.id AND v.number = page.current_version
        LEFT JOIN total ON total.sequence_id = page.id
        ORDER BY page.id DESC
        """;

    private static readonly Dictionary<InstanceStatus, int> None = [];

    public async Task<List<ListedSequence>> Read(SequenceId? before, int most, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.AddWithValue(caller.OwnerId.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Uuid, before?.Value ?? Guid.AllBitsSet);
        command.Parameters.AddWithValue(most);
        List<ListedSequence> rows = new(most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(
                new(
                    new SequenceId(reader.GetGuid(0)),
                    reader.GetString(1),
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    reader.GetBoolean(3),
                    reader.GetInt32(4),
                    new SequenceVersionId(reader.GetGuid(5)),
                    reader.IsDBNull(6) ? null : ScheduleJson.Read(reader.GetString(6)),
                    reader.IsDBNull(10) ? None : Counts(reader.GetFieldValue<string[]>(10), reader.GetFieldValue<int[]>(11)),
                    new DateTimeOffset(reader.GetDateTime(7), TimeSpan.Zero),
                    new DateTimeOffset(reader.GetDateTime(8), TimeSpan.Zero),
                    reader.GetInt32(9)
                )
            );
        }

        return rows;
    }

    private static Dictionary<InstanceStatus, int> Counts(string[] statuses, int[] counts) =>
        statuses.Zip(counts).ToDictionary(row => TableWords.Read<InstanceStatus>(row.First), row => row.Second);
}
