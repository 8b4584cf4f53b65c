using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Persistence;
using Npgsql;

namespace FollowUp.Infrastructure.Outbox;

/// <summary>Reads a row of a claim. The columns stand in one order, here and in <see cref="Columns"/>, so that none is looked up by its name.</summary>
internal readonly struct ClaimRow(NpgsqlDataReader reader)
{
    /// <summary>The columns of a job <c>j</c> and its instance <c>i</c>. Those that a claim has besides come behind them.</summary>
    public const string Columns = """
        j.id AS job_id, j.step_type, j.due_at, j.attempt,
        i.id, i.owner_id, i.sequence_id, i.sequence_version_id, i.version, i.email, i.name, i.phone, i.time_zone, i.variables, i.offer_id,
        i.status, i.stop_reason, i.current_step, i.attempts, i.last_error, i.attention, i.event_count, i.event_hash, i.revision,
        j.is_first
        """;

    public string SequenceName => reader.GetString(25);

    public bool SequenceEnabled => reader.GetBoolean(26);

    public StopReason? Suppressed => Word<StopReason>(27);

    public bool IsScheduled => reader.GetBoolean(28);

    public bool IsLimited => reader.GetBoolean(29);

    public AttemptId? AttemptId => reader.IsDBNull(30) ? null : new AttemptId(reader.GetGuid(30));

    public DateTimeOffset ClaimedAt => Instant(31);

    public Instance Instance(string node) =>
        Domain.Instances.Instance.FromClaim(
            new ClaimedState
            {
                JobId = reader.GetGuid(0),
                StepType = TableWords.Read<StepType>(reader.GetString(1)),
                DueAt = Instant(2),
                Attempt = reader.GetInt32(3),
                Owner = node,
                Id = new InstanceId(reader.GetGuid(4)),
                OwnerId = new OwnerId(reader.GetGuid(5)),
                SequenceId = new SequenceId(reader.GetGuid(6)),
                SequenceVersionId = new SequenceVersionId(reader.GetGuid(7)),
                Version = reader.GetInt32(8),
                Recipient = new Recipient(
                    EmailAddress.FromStore(reader.GetString(9)),
                    Text(10),
                    Text(11) is { } phone ? PhoneNumber.FromStore(phone) : null,
                    Text(12)
                ),
                Variables = reader.GetString(13),
                OfferId = Text(14),
                Status = TableWords.Read<InstanceStatus>(reader.GetString(15)),
                StopReason = Word<StopReason>(16),
                CurrentStep = new StepIndex(reader.GetInt32(17)),
                Attempts = reader.GetInt32(18),
                LastError = Text(19),
                Attention = Word<Attention>(20),
                EventCount = reader.GetInt32(21),
                EventHash = reader.GetFieldValue<byte[]>(22),
                Revision = reader.GetInt32(23),
                IsFirst = reader.GetBoolean(24),
            }
        );

    private DateTimeOffset Instant(int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    private string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private T? Word<T>(int column)
        where T : struct, Enum => reader.IsDBNull(column) ? null : TableWords.Read<T>(reader.GetString(column));
}
