namespace FollowUp.Application.Instances;

/// <summary>The stored parameters of an operation on instances. A field must keep its meaning as long as operations are kept.</summary>
internal sealed record StoredInstanceAction
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string Action { get; init; } = "";
    public string? Timing { get; init; }
    public string? Reason { get; init; }
    public string? Outcome { get; init; }
    public Guid? SequenceId { get; init; }
    public string? Status { get; init; }
    public string? Email { get; init; }
    public string? Attention { get; init; }
    public int? Step { get; init; }
    public int? Version { get; init; }
    public string? StopReason { get; init; }
    public string? Variant { get; init; }
    public DateTimeOffset? DueBefore { get; init; }
    public string? Q { get; init; }

    public static string Write(InstanceAction action, InstanceFilter filter) =>
        JsonSerializer.Serialize(
            new StoredInstanceAction
            {
                Action = CamelNames.Of(action.Kind),
                Timing = action.Kind == InstanceActionKind.Resume ? CamelNames.Of(action.Timing) : null,
                Reason = action.Kind == InstanceActionKind.Stop ? CamelNames.Of(action.Reason) : null,
                Outcome = action.Kind == InstanceActionKind.Resolve ? CamelNames.Of(action.Outcome) : null,
                SequenceId = filter.SequenceId,
                Status = filter.Status,
                Email = filter.Email,
                Attention = filter.Attention,
                Step = filter.Step,
                Version = filter.Version,
                StopReason = filter.StopReason,
                Variant = filter.Variant,
                DueBefore = filter.DueBefore,
                Q = filter.Q,
            },
            Options
        );

    public static (InstanceAction Action, InstanceFilter Filter) Read(string json)
    {
        var stored = JsonSerializer.Deserialize<StoredInstanceAction>(json, Options)!;
        return (
            new InstanceAction(
                EnumNames.ReadOrDefault<InstanceActionKind>(stored.Action),
                EnumNames.ReadOrDefault<ResumeTiming>(stored.Timing),
                EnumNames.ReadOrDefault<StopReason>(stored.Reason),
                EnumNames.ReadOrDefault<Resolution>(stored.Outcome)
            ),
            new InstanceFilter
            {
                SequenceId = stored.SequenceId,
                Status = stored.Status,
                Email = stored.Email,
                Attention = stored.Attention,
                Step = stored.Step,
                Version = stored.Version,
                StopReason = stored.StopReason,
                Variant = stored.Variant,
                DueBefore = stored.DueBefore,
                Q = stored.Q,
            }
        );
    }
}
