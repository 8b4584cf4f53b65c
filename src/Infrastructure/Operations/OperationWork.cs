namespace FollowUp.Infrastructure.Operations;

internal sealed class OperationWork(IServiceScopeFactory scopes) : IBatchWork
{
    public bool IsOfMigrations => false;

    public Task<BatchOutcome> Run(Guid id, int? most, string? passOver, CancellationToken cancellationToken) =>
        Send(new RunOperationBatch(new OperationId(id), most, passOver), cancellationToken);

    public Task<OperationProgress> NoteFailure(Guid id, string error, CancellationToken cancellationToken) =>
        Send(new NoteOperationFailure(new OperationId(id), error), cancellationToken);

    public async Task<(int Rows, bool PassesOver)> Size(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var kind = await scope.ServiceProvider.GetRequiredService<FollowUpDbContext>().KindOf(new OperationId(id), cancellationToken);
        var runner = scope.ServiceProvider.GetServices<IOperationRunner>().Single(runner => runner.Kind == kind);
        return (runner.BatchRows, runner.PassesOver);
    }

    private async Task<T> Send<T>(IUseCase<T> command, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<Sender>().Send(command, cancellationToken)).Value;
    }
}
