using System.Collections.ObjectModel;

namespace FollowUp.Application.Sequences;

internal interface IStepLists
{
    /// <summary>When the steps exceed the size of a page, the last versions are missing.</summary>
    Task<IReadOnlyDictionary<SequenceVersionId, StepList>> Of(
        IReadOnlyCollection<SequenceVersionId> ids,
        CancellationToken cancellationToken
    );
}

/// <summary>The steps of a published version in a response. They never change, so their JSON is written once.</summary>
internal sealed class StepList(IReadOnlyList<Step> steps) : ReadOnlyCollection<StepInput>([.. steps.Select(StepInput.From)]), IPreparedJson
{
    private byte[]? _json;

    public byte[] Json => _json ??= JsonSerializer.SerializeToUtf8Bytes<IReadOnlyList<StepInput>>(this, ClientJson.Options);
}
