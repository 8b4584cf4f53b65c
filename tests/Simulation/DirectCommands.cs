using Ardalis.Result;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;

namespace FollowUp.Simulation;

/// <summary>The product's commands on the model's store, one transaction each, without latency: for tests of the store alone.</summary>
internal sealed class DirectCommands(ModelStore store)
{
    public Task<bool> Pause(InstanceId id) =>
        Run(ports => ports.Make<ActOnInstanceHandler>().Handle(new ActOnInstance(id, InstanceAction.Pause), default));

    public Task<bool> Resume(InstanceId id) =>
        Run(ports => ports.Make<ActOnInstanceHandler>().Handle(new ActOnInstance(id, InstanceAction.Resume()), default));

    public Task<bool> Stop(InstanceId id) =>
        Run(ports => ports.Make<ActOnInstanceHandler>().Handle(new ActOnInstance(id, InstanceAction.Stop(StopReason.Manual)), default));

    public Task<bool> Recover(InstanceId id) => Run(ports => ports.Make<RecoverStepHandler>().Handle(new RecoverStep(id), default));

    private async Task<bool> Run<T>(Func<Ports, Task<Result<T>>> command)
    {
        var session = new Session(store, new DirectWire(), "users");
        return (await command(new Ports(session, store, store.Options))).IsSuccess && session.Commit();
    }
}
