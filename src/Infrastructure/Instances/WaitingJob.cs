namespace FollowUp.Infrastructure.Instances;

/// <summary>A ready job with what its <see cref="Timetable"/> needs, for statements that place many jobs again.</summary>
internal sealed record WaitingJob(
    Guid Id,
    Guid Instance,
    bool IsFirst,
    DateTimeOffset Wanted,
    SequenceId Sequence,
    SequenceVersionId Version,
    StepIndex Step,
    string? Zone,
    bool TriedBefore,
    DateTime DueAt
)
{
    public JobSortKey SortKey => new(DueAt, IsFirst, Wanted.UtcDateTime, Id);

    /// <summary>
    /// Runs a statement that locks jobs, then reads them with their instances in a second one, in the order in which they were locked. READ
    /// COMMITTED: a join in the first statement would read the instances from its snapshot, which may be older than the locked jobs.
    /// </summary>
    public static async Task<List<WaitingJob>> Read(NpgsqlCommand locking, CancellationToken cancellationToken)
    {
        List<Guid> locked = [];
        await using (var ids = await locking.ExecuteReaderAsync(cancellationToken))
        {
            while (await ids.ReadAsync(cancellationToken))
            {
                locked.Add(ids.GetGuid(0));
            }
        }

        if (locked.Count == 0)
        {
            return [];
        }

        await using var command = new NpgsqlCommand(
            """
            SELECT j.id, j.instance_id, j.is_first, j.in_line_since, j.sequence_id, i.sequence_version_id, j.step_index, i.time_zone,
                   i.attempts > 0, j.due_at
            FROM unnest(@locked) WITH ORDINALITY AS locked (instance_id, place)
            JOIN step_job j USING (instance_id)
            JOIN instance i ON i.id = j.instance_id
            ORDER BY locked.place
            """,
            locking.Connection,
            locking.Transaction
        );
        command.Parameters.AddWithValue("locked", locked);
        return await command.ReadAll<WaitingJob>(
            reader =>
                new(
                    reader.GetGuid(0),
                    reader.GetGuid(1),
                    reader.GetBoolean(2),
                    reader.GetFieldValue<DateTimeOffset>(3),
                    new SequenceId(reader.GetGuid(4)),
                    new SequenceVersionId(reader.GetGuid(5)),
                    new StepIndex(reader.GetInt32(6)),
                    reader.IsDBNull(7) ? null : reader.GetString(7),
                    reader.GetBoolean(8),
                    reader.GetDateTime(9)
                ),
            cancellationToken
        );
    }

    public static async Task Write(
        NpgsqlConnection connection,
        List<(WaitingJob Job, Placement Placed)> rows,
        CancellationToken cancellationToken
    )
    {
        // Relies on the row locks of the caller (see Read), so the order of the update does not matter.
        await using var command = new NpgsqlCommand(
            """
            UPDATE step_job j
            SET due_at = p.due_at, waiting_for = p.waiting_for::jsonb,
                wanted_at = CASE WHEN p.waiting_for = '[]' THEN NULL ELSE j.in_line_since END
            FROM unnest(@instance_id, @id, @due_at, @waiting_for) AS p (instance_id, id, due_at, waiting_for)
            WHERE j.instance_id = p.instance_id AND j.id = p.id AND j.state = 'ready'
            """,
            connection
        );
        command.Parameters.AddWithValue("instance_id", rows.ConvertAll(r => r.Job.Instance));
        command.Parameters.AddWithValue("id", rows.ConvertAll(r => r.Job.Id));
        command.Parameters.AddWithValue(
            "due_at",
            NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
            rows.ConvertAll(r => r.Placed.At.UtcDateTime)
        );
        command.Parameters.AddWithValue("waiting_for", rows.ConvertAll(r => MovesJson.Write(r.Placed.Moves)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
