namespace FollowUp.Infrastructure.Sandbox;

/// <summary>
/// The services for a request in a sandbox: the sandbox's own, and the request's for types of the framework. A type of this program or of the
/// database driver that the sandbox does not register is never taken from the live services: it is missing.
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
