namespace FollowUp.Application.Operations;

/// <summary>Whether steps are being carried out on this node. Mass changes give way to them.</summary>
public interface IEngineLoad
{
    /// <summary>Whether at least one step is being carried out.</summary>
    bool IsBusy { get; }
}
