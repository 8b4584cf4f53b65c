namespace FollowUp.Domain.Instances;

/// <content>The timeline: what is recorded, and on whose behalf.</content>
public sealed partial class Instance
{
    private Actor _actor = Actor.Engine;

    /// <summary>Names the originator of the following changes, for their events. Without it, the engine is the originator.</summary>
    public Instance ActBy(Actor actor)
    {
        _actor = actor;
        return this;
    }

    private void RecordEvent(EventType type, Dictionary<string, string?>? content, DateTimeOffset now, StepIndex? step = null) =>
        Record(FollowUpEvent.Append(this, type, null, step, null, content ?? [], _actor, now));

    private void Record(FollowUpEvent happened)
    {
        (EventCount, EventHash) = (happened.Number, happened.Hash);
        Revision++;
        Raise(happened);
    }
}
