using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.Infrastructure.Sandbox;

/// <summary>
/// What a request in a sandbox is served by: the world's services, and for what belongs to the framework the request's own. A type of ours, or of
/// the database, that the world does not have is not taken from the live world: it is missing.
/// </summary>
public sealed class SandboxServices : IServiceProvider, IAsyncDisposable
{
    private static readonly string[] Ours = ["FollowUp", "Npgsql", "Microsoft.EntityFrameworkCore", "MediatR"];

    private readonly AsyncServiceScope _scope;
    private readonly IServiceProvider _request;
    private readonly Func<Task> _leave;

    internal SandboxServices(AsyncServiceScope scope, IServiceProvider request, Func<Task> leave) =>
        (_scope, _request, _leave) = (scope, request, leave);

    /// <inheritdoc/>
    public object? GetService(Type serviceType) =>
        _scope.ServiceProvider.GetService(serviceType) ?? (IsOurs(serviceType) ? null : _request.GetService(serviceType));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _leave();
    }

    private static bool IsOurs(Type type) =>
        Ours.Any(name => type.Assembly.GetName().Name!.StartsWith(name, StringComparison.Ordinal))
        || (type.IsGenericType && type.GetGenericArguments().Any(IsOurs));
}
