namespace FollowUp.Infrastructure.Instances;

internal sealed class MigrationWork(IServiceScopeFactory scopes) : IBatchWork
{
    private const int BatchRows = 200;

    public bool IsOfMigrations => true;

    public async Task<BatchOutcome> Run(Guid id, int? most, string? passOver, CancellationToken cancellationToken) =>
        new(await Send(new MigrateBatch(new MigrationId(id), most ?? BatchRows, passOver), cancellationToken));

    public Task<OperationProgress> NoteFailure(Guid id, string error, CancellationToken cancellationToken) =>
        Send(new NoteMigrationFailure(new MigrationId(id), error), cancellationToken);

    public Task<(int Rows, bool PassesOver)> Size(Guid id, CancellationToken cancellationToken) => Task.FromResult((BatchRows, true));

    private async Task<OperationProgress> Send(IUseCase<MigrationBatchResult> command, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<Sender>().Send(command, cancellationToken)).Value switch
        {
            MigrationBatchResult.Done => OperationProgress.Done,
            MigrationBatchResult.Busy => OperationProgress.Busy,
            // A migration that has to wait stores in its row until when.
            _ => OperationProgress.More,
        };
    }
}
