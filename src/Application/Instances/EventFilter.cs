namespace FollowUp.Application.Instances;

/// <summary>Selects events of the log. A null field does not restrict them.</summary>
/// <param name="Type">Only events of this type.</param>
/// <param name="From">Only events at or after this instant.</param>
/// <param name="To">Only events before this instant.</param>
/// <param name="SequenceId">Only events of this sequence's instances.</param>
/// <param name="Actor">Only events of this kind of actor, or of the user or API key with this id.</param>
public sealed record EventFilter(
    string? Type = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    SequenceId? SequenceId = null,
    string? Actor = null
)
{
    /// <summary>Types that each step or instance writes once. The index ix_follow_up_event_type covers all others.</summary>
    private static readonly EventType[] Frequent =
    [
        EventType.Email,
        EventType.Sms,
        EventType.Wait,
        EventType.Enrolled,
        EventType.Completed,
    ];

    /// <summary>Whether an index returns the selected events, apart from the time range, in the order of the log.</summary>
    internal bool HasIndex => IsOfRareType || IsOfRareActor;

    internal bool IsEmpty => this is { Type: null, From: null, To: null, SequenceId: null, Actor: null };

    private bool IsOfRareType => this is { Type: not null, SequenceId: null, Actor: null } && !Frequent.Contains(EventType.Read(Type));

    /// <summary>The index ix_follow_up_event_actor has the events of all actors but the engine, by kind.</summary>
    private bool IsOfRareActor =>
        this is { Type: null, SequenceId: null } && EnumNames.TryRead<ActorKind>(Actor, out var kind) && kind != ActorKind.Engine;

    internal IQueryable<FollowUpEvent> Apply(IQueryable<FollowUpEvent> events)
    {
        if (Type is not null)
        {
            var type = EventType.Read(Type);
            events = events.Where(e => e.Type == type);
        }

        if (IsOfRareType)
        {
            // A constant instead of a parameter, so that the planner recognizes the predicate of the partial index.
            events = events.Where(e => !EF.Constant(Frequent).Contains(e.Type));
        }

        if (From?.ToUniversalTime() is { } from)
        {
            events = events.Where(e => e.SentAt >= from);
        }

        if (To?.ToUniversalTime() is { } to)
        {
            events = events.Where(e => e.SentAt < to);
        }

        if (Actor is not null)
        {
            events =
                EnumNames.TryRead<ActorKind>(Actor, out var kind) ? events.Where(e => e.Actor.Kind == kind)
                : Guid.TryParseExact(Actor, "D", out var id) ? events.Where(e => e.Actor.Id == id)
                : throw new InvalidOperationException("The validator lets only a kind or an id pass.");
        }

        if (IsOfRareActor)
        {
            events = events.Where(e => e.Actor.Kind != EF.Constant(ActorKind.Engine));
        }

        return SequenceId is { } sequence ? events.Where(e => e.SequenceId == sequence) : events;
    }
}
