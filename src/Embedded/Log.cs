namespace FollowUp.Embedded;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The database is in {Home}, because PostgreSQL's user {User} has no access to {Wanted}"
    )]
    public static partial void DatabaseLiesElsewhere(this ILogger log, string home, string wanted, string user);

    [LoggerMessage(Level = LogLevel.Information, Message = "Setting up a database in {Home}")]
    public static partial void DatabaseIsSetUp(this ILogger log, string home);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL {State} in {Home}: 127.0.0.1:{Port}, process {Pid}")]
    public static partial void DatabaseRuns(this ILogger log, string state, string home, int port, int pid);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL in {Home} has stopped")]
    public static partial void DatabaseStopped(this ILogger log, string home);

    [LoggerMessage(Level = LogLevel.Error, Message = "PostgreSQL in {Home} could not be stopped: process {Pid} is still running")]
    public static partial void DatabaseDidNotStop(this ILogger log, string home, int pid);
}
