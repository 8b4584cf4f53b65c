namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Reads a row of a claim by position: the columns are in the order of <see cref="Columns"/>, so that no column is looked up by name.
/// </summary>
internal readonly struct ClaimRow(NpgsqlDataReader reader)
{
    /// <summary>The columns of a job <c>j</c> and its instance <c>i</c>. The additional columns of a claim follow them.</summary>
    public const string Columns = """
        j.id AS job_id, j.step_type, j.due_at, j.wanted_at, j.attempt, j.is_first,
        i.id, i.owner_id, i.sequence_id, i.sequence_version_id, i.version, i.email, i.name, i.phone, i.time_zone, i.variables, i.offer_id,
        i.status, i.stop_reason, i.current_step, i.attempts, i.last_error, i.attention, i.thread_message_id, i.thread_subject,
        i.event_count, i.event_hash, i.revision, i.deferrals, i.first_name, i.last_name, i.event_seal, j.enqueued_at
        """;

    public string SequenceName => reader.GetString(33);
    public bool SequenceEnabled => reader.GetBoolean(34);
    public StopReason? Suppressed => Word<StopReason>(35);
    public bool IsScheduled => reader.GetBoolean(36);
    public bool IsLimited => reader.GetBoolean(37);
    public bool OwnerBlocked => reader.GetBoolean(38);
    public AttemptId? AttemptId => reader.IsDBNull(39) ? null : new AttemptId(reader.GetGuid(39));
    public bool UpgradesImages => reader.GetBoolean(40);
    public DateTimeOffset ClaimedAt => Instant(41);

    public Instance Instance(string node) =>
        Domain.Instances.Instance.FromClaim(
            new ClaimedState(
                JobId: reader.GetGuid(0),
                StepType: DbEnumNames.Read<StepType>(reader.GetString(1)),
                DueAt: Instant(2),
                WantedAt: reader.IsDBNull(3) ? null : Instant(3),
                Attempt: reader.GetInt32(4),
                IsFirst: reader.GetBoolean(5),
                Owner: node,
                Id: new InstanceId(reader.GetGuid(6)),
                OwnerId: new OwnerId(reader.GetGuid(7)),
                SequenceId: new SequenceId(reader.GetGuid(8)),
                SequenceVersionId: new SequenceVersionId(reader.GetGuid(9)),
                Version: reader.GetInt32(10),
                Recipient: new Recipient(
                    EmailAddress.FromStore(reader.GetString(11)),
                    Text(12),
                    Text(13) is { } phone ? PhoneNumber.FromStore(phone) : null,
                    Text(14)
                )
                {
                    GivenFirstName = Text(29),
                    GivenLastName = Text(30),
                },
                Variables: reader.GetString(15),
                OfferId: Text(16),
                Status: DbEnumNames.Read<InstanceStatus>(reader.GetString(17)),
                StopReason: Word<StopReason>(18),
                CurrentStep: new StepIndex(reader.GetInt32(19)),
                Attempts: reader.GetInt32(20),
                LastError: Text(21),
                Attention: Word<Attention>(22),
                ThreadMessageId: Text(23),
                ThreadSubject: Text(24),
                EventCount: reader.GetInt32(25),
                EventHash: reader.GetFieldValue<byte[]>(26),
                Revision: reader.GetInt32(27),
                Deferrals: reader.GetInt32(28),
                EventSeal: reader.IsDBNull(31) ? null : reader.GetFieldValue<byte[]>(31),
                EnqueuedAt: Instant(32)
            )
        );

    private DateTimeOffset Instant(int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    private string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private T? Word<T>(int column)
        where T : struct, Enum => reader.IsDBNull(column) ? null : DbEnumNames.Read<T>(reader.GetString(column));
}
