namespace FollowUp.Application.Instances;

/// <summary>A sequence with its running instances.</summary>
public sealed record SequenceDetail : SequenceView
{
    internal SequenceDetail(SequenceView sequence, Page<InstanceView> instances)
        : base(sequence) => Instances = instances;

    /// <summary>Its ACTIVE and PAUSED instances, newest first: the first page. The list of instances returns the next ones.</summary>
    [JsonPropertyOrder(1)]
    public Page<InstanceView> Instances { get; }
}
