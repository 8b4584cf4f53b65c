using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Persistence;
using Npgsql;

namespace FollowUp.Infrastructure.Outbox;

/// <summary>Reads the rows of a claim by column name, with the ordinals looked up once.</summary>
internal sealed class ClaimRow(NpgsqlDataReader reader)
{
    private readonly Dictionary<string, int> _ordinals = Enumerable
        .Range(0, reader.FieldCount)
        .GroupBy(reader.GetName)
        .ToDictionary(group => group.Key, group => group.First());

    public AttemptId? AttemptId => IsNull("attempt_id") ? null : new AttemptId(Get<Guid>("attempt_id"));

    public string SequenceName => Get<string>("sequence_name");

    public bool IsScheduled => Get<bool>("is_scheduled");

    public bool IsLimited => Get<bool>("is_limited");

    public bool SequenceEnabled => Get<bool>("enabled");

    public StopReason? Suppressed => Text("suppressed") is { } word ? TableWords.Read<StopReason>(word) : null;

    public DateTimeOffset ClaimedAt => Get<DateTimeOffset>("claimed_at");

    public Instance Instance(string node) =>
        Domain.Instances.Instance.FromClaim(
            new ClaimedState
            {
                Id = new InstanceId(Get<Guid>("id")),
                OwnerId = new OwnerId(Get<Guid>("owner_id")),
                SequenceId = new SequenceId(Get<Guid>("sequence_id")),
                SequenceVersionId = new SequenceVersionId(Get<Guid>("sequence_version_id")),
                Version = Get<int>("version"),
                Recipient = new Recipient(
                    EmailAddress.FromStore(Get<string>("email")),
                    Text("name"),
                    Text("phone") is { } phone ? PhoneNumber.FromStore(phone) : null,
                    Text("time_zone")
                ),
                Variables = Get<string>("variables"),
                OfferId = Text("offer_id"),
                Status = TableWords.Read<InstanceStatus>(Get<string>("status")),
                StopReason = Text("stop_reason") is { } reason ? TableWords.Read<StopReason>(reason) : null,
                CurrentStep = new StepIndex(Get<int>("current_step")),
                Attempts = Get<int>("attempts"),
                LastError = Text("last_error"),
                Attention = Text("attention") is { } attention ? TableWords.Read<Attention>(attention) : null,
                ThreadMessageId = Text("thread_message_id"),
                ThreadSubject = Text("thread_subject"),
                EventCount = Get<int>("event_count"),
                EventHash = Get<byte[]>("event_hash"),
                Revision = Get<int>("revision"),
                JobId = Get<Guid>("job_id"),
                StepType = TableWords.Read<StepType>(Get<string>("step_type")),
                DueAt = Get<DateTimeOffset>("due_at"),
                WantedAt = IsNull("wanted_at") ? null : Get<DateTimeOffset>("wanted_at"),
                Attempt = Get<int>("attempt"),
                IsFirst = Get<bool>("is_first"),
                Owner = node,
            }
        );

    private bool IsNull(string column) => reader.IsDBNull(_ordinals[column]);

    private T Get<T>(string column) => reader.GetFieldValue<T>(_ordinals[column]);

    private string? Text(string column) => IsNull(column) ? null : Get<string>(column);
}
