namespace FollowUp.Application.Operations;

/// <summary>Whether this node is executing steps. Mass changes yield to them.</summary>
public interface IEngineLoad
{
    /// <summary>Whether at least one step is being executed.</summary>
    bool IsBusy { get; }
}
