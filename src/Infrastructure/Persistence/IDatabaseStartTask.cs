namespace FollowUp.Infrastructure.Persistence;

/// <summary>A module's task that runs when the program has reached its database for the first time.</summary>
internal interface IDatabaseStartTask
{
    /// <summary>Runs before the migrations. A <see cref="SettingException"/> ends the program with its message.</summary>
    Task BeforeMigrations(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the migrations, before anything else is written.</summary>
    Task AfterMigrations(CancellationToken cancellationToken) => Task.CompletedTask;
}
