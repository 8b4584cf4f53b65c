namespace FollowUp.Application.Instances;

/// <summary>Whether a step's message may have reached a provider, as far as the node that holds the step knows.</summary>
public sealed class ProviderCallMarker
{
    private volatile bool _begun;

    /// <summary>False while it is certain that no provider has received anything.</summary>
    public bool IsBegun => _begun;

    /// <summary>Marks the start of the provider call.</summary>
    public void Begin() => _begun = true;

    /// <summary>Records that the sender failed before it handed anything over.</summary>
    public void Withdraw() => _begun = false;
}
