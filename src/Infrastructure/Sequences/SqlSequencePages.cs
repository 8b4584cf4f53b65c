namespace FollowUp.Infrastructure.Sequences;

internal sealed class SqlSequencePages(NpgsqlDataSource dataSource, ICaller caller, QueryTimeout timeout) : ISequencePages
{
    /// <summary>
    /// Locks nothing. Written in SQL because building EF Core's two queries cost more than executing them. Instances are counted from folded rows and
    /// from rows that are not folded yet. The filters examine an owner's sequences, which have no index by name: they are few and small.
    /// </summary>
    private const string Sql = """
        WITH page AS MATERIALIZED (
          SELECT * FROM sequence WHERE owner_id = $1 AND id < $2 AND deleted_at IS NULL
            AND ($4 IS NULL OR strpos(lower(name), lower($4)) > 0) AND ($5 IS NULL OR enabled = $5)
          ORDER BY id DESC LIMIT $3)
        SELECT page.id, page.name, page.description, page.enabled, page.current_version, v.id, page.schedule, page.created_at, page.updated_at,
               page.revision, folded.statuses, folded.counts, added.statuses, added.counts,
               page.upgrade_insecure_images
        FROM page
        JOIN sequence_version v ON v.sequence_id = page.id AND v.number = page.current_version
        CROSS JOIN LATERAL (
          SELECT array_agg(status) AS statuses, array_agg(count) AS counts FROM instance_count WHERE sequence_id = page.id) folded
        LEFT JOIN (
          SELECT sequence_id, array_agg(status) AS statuses, array_agg(count) AS counts
          FROM instance_count_delta WHERE sequence_id IN (SELECT id FROM page) GROUP BY sequence_id) added ON added.sequence_id = page.id
        ORDER BY page.id DESC
        """;

    public async Task<List<ListedSequence>> Read(
        string? inName,
        bool? enabled,
        SequenceId? before,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var command = dataSource.CreateCommand(Sql);
        command.CommandTimeout = timeout.Seconds;
        command.Parameters.AddWithValue(caller.OwnerId.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Uuid, before?.Value ?? Guid.AllBitsSet);
        command.Parameters.AddWithValue(most);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)inName ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Boolean, (object?)enabled ?? DBNull.Value);
        return await command.ReadAll<ListedSequence>(
            reader =>
                new(
                    new SequenceId(reader.GetGuid(0)),
                    reader.GetString(1),
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    reader.GetBoolean(3),
                    reader.GetInt32(4),
                    new SequenceVersionId(reader.GetGuid(5)),
                    reader.IsDBNull(6) ? null : ScheduleJson.Read(reader.GetString(6)),
                    Counts(reader),
                    new DateTimeOffset(reader.GetDateTime(7), TimeSpan.Zero),
                    new DateTimeOffset(reader.GetDateTime(8), TimeSpan.Zero),
                    reader.GetInt32(9)
                )
                {
                    UpgradeInsecureImages = reader.GetBoolean(14),
                },
            cancellationToken
        );
    }

    private static Dictionary<InstanceStatus, int> Counts(NpgsqlDataReader reader)
    {
        Dictionary<InstanceStatus, int> counts = [];
        foreach (var column in (ReadOnlySpan<int>)[10, 12])
        {
            if (reader.IsDBNull(column))
            {
                continue;
            }

            foreach (var (name, count) in reader.GetFieldValue<string[]>(column).Zip(reader.GetFieldValue<long[]>(column + 1)))
            {
                var status = DbEnumNames.Read<InstanceStatus>(name);
                counts[status] = counts.GetValueOrDefault(status) + (int)count;
            }
        }

        return counts;
    }
}
