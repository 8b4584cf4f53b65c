using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;

namespace FollowUp.IntegrationTests.Model;

/// <summary>The operations of a store for the script: PostgreSQL with the product's statements, or the simulation's model. There are two nodes, 0 and 1.</summary>
internal interface IStoreUnderTest
{
    /// <summary>The steps of the script's sequence.</summary>
    IReadOnlyList<Step> Steps { get; }

    /// <summary>Enrols the next recipient; the instances are numbered from 1.</summary>
    Task Enroll();

    Task<IReadOnlyList<ClaimedStep>> Claim(int node, int most);

    Task<WriteBack> Complete(int node, StepCompletion completion);

    Task GiveBack(int node, ClaimedStep step);

    Task<ClaimedStep?> Refresh(int node, ClaimedStep step);

    Task Renew(int node, ClaimedStep step);

    Task<bool> Failed(int node, ClaimedStep step);

    Task Accepted(int node, ClaimedStep step);

    Task Refused(int node, ClaimedStep step);

    /// <summary>Recovers all abandoned steps.</summary>
    Task Sweep();

    /// <summary>The provider reports the attempt.</summary>
    Task Report(AttemptId attempt);

    Task Pause(int number);

    Task Resume(int number);

    Task Stop(int number);

    Task Suppress(int number);

    Task Enable(bool enabled);

    /// <summary>Advances the time of the store.</summary>
    Task Travel(TimeSpan time);

    /// <summary>The number of an instance.</summary>
    int Number(InstanceId id);

    /// <summary>The text of a stored instance with its job and its attempts.</summary>
    Task<string> Look(int number);
}
