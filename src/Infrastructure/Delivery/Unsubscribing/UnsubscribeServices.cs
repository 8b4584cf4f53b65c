using FollowUp.Application.Delivery;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FollowUp.Infrastructure.Delivery.Unsubscribing;

/// <summary>Registers the links by which people unsubscribe.</summary>
internal static class UnsubscribeServices
{
    /// <summary>Registers where they lead.</summary>
    /// <exception cref="SettingException"><c>PublicUrl</c> is missing or wrong.</exception>
    internal static IServiceCollection AddPublicAddress(
        this IServiceCollection services,
        IConfiguration settings,
        IHostEnvironment environment
    )
    {
        PublicAddress.Check(settings, environment);
        return services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PublicAddress>(provider, settings, environment));
    }

    /// <summary>Registers what makes and reads them. Their key lies beside what they are about, so a sandbox's links do nothing in the live world.</summary>
    internal static IServiceCollection AddUnsubscribing(this IServiceCollection services) =>
        services.AddSingleton<UnsubscribeKey>().AddSingleton<IUnsubscribeLinks, UnsubscribeLinks>();
}
