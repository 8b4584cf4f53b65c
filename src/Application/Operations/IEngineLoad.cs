namespace FollowUp.Application.Operations;

/// <summary>Whether this node is executing steps. Mass changes yield to them.</summary>
internal interface IEngineLoad
{
    bool IsBusy { get; }
}
