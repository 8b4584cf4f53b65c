using FollowUp.Application.Dispatch;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FollowUp.Infrastructure.Unsubscribing;

/// <summary>Registers the links by which people unsubscribe.</summary>
internal static class UnsubscribeServices
{
    /// <summary>Registers them.</summary>
    /// <exception cref="SettingException"><c>PublicUrl</c> is missing or wrong.</exception>
    internal static IServiceCollection AddUnsubscribing(
        this IServiceCollection services,
        IConfiguration settings,
        IHostEnvironment environment
    )
    {
        PublicAddress.Check(settings, environment);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PublicAddress>(provider, settings, environment));
        services.AddSingleton<UnsubscribeKey>();
        return services.AddSingleton<IUnsubscribeLinks, UnsubscribeLinks>();
    }
}
