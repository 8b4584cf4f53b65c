namespace FollowUp.Infrastructure.Delivery.Unsubscribing;

internal static class UnsubscribeServices
{
    /// <summary>Registers the base URL of the links.</summary>
    /// <exception cref="SettingException"><c>PublicUrl</c> is missing or invalid.</exception>
    internal static IServiceCollection AddPublicAddress(
        this IServiceCollection services,
        IConfiguration settings,
        IHostEnvironment environment
    )
    {
        PublicAddress.Check(settings, environment);
        return services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PublicAddress>(provider, settings, environment));
    }

    /// <summary>
    /// Registers the creation and reading of links. Their key is stored next to the data that they refer to, so a sandbox's links have no effect on
    /// live data.
    /// </summary>
    internal static IServiceCollection AddUnsubscribing(this IServiceCollection services) =>
        services.AddSingleton<UnsubscribeKey>().AddSingleton<IUnsubscribeLinks, UnsubscribeLinks>();
}
