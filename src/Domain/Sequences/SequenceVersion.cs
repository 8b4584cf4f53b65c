using FollowUp.Domain.Accounts;

namespace FollowUp.Domain.Sequences;

/// <summary>The steps of a sequence as they stood when published. Never changed afterwards, so it may be cached by its id for ever.</summary>
public sealed class SequenceVersion
{
    private SequenceVersion() { }

    internal SequenceVersion(SequenceVersionId id, Sequence sequence, int number, IReadOnlyList<Step> steps, DateTimeOffset now)
    {
        Id = id;
        SequenceId = sequence.Id;
        OwnerId = sequence.OwnerId;
        Number = number;
        Steps = steps;
        PublishedAt = now;
    }

    /// <summary>The version's id.</summary>
    public SequenceVersionId Id { get; private set; }

    /// <summary>The sequence it belongs to.</summary>
    public SequenceId SequenceId { get; private set; }

    /// <summary>Whose it is.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>1 for the first version of a sequence, and one more for each that is published. Old versions that were never used may be missing.</summary>
    public int Number { get; private set; }

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<Step> Steps { get; private set; } = [];

    /// <summary>When it was published.</summary>
    public DateTimeOffset PublishedAt { get; private set; }
}
