namespace FollowUp.Application.Instances;

/// <summary>Whether a step's message may have reached a provider, as the node knows it that holds the step.</summary>
public sealed class ProviderCallMarker
{
    private volatile bool _begun;

    /// <summary>False for as long as it is certain that no provider got anything.</summary>
    public bool IsBegun => _begun;

    /// <summary>The provider is being called from now on.</summary>
    public void Begin() => _begun = true;

    /// <summary>The sender failed before it handed anything over.</summary>
    public void Withdraw() => _begun = false;
}
