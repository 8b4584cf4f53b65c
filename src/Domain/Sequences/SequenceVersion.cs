namespace FollowUp.Domain.Sequences;

/// <summary>The published steps of a sequence. Immutable, so it can be cached by its id indefinitely.</summary>
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

    /// <summary>The id.</summary>
    public SequenceVersionId Id { get; private set; }

    /// <summary>The sequence.</summary>
    public SequenceId SequenceId { get; private set; }

    /// <summary>The owner.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>1 for the first version, incremented with each publication. Old versions that were never used may have been deleted.</summary>
    public int Number { get; private set; }

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<Step> Steps { get; private set; } = [];

    /// <summary>When it was published.</summary>
    public DateTimeOffset PublishedAt { get; private set; }
}
