using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FollowUp.Infrastructure.Templates;

internal static class TemplateServices
{
    internal static IServiceCollection AddTemplates(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TemplateCache>();
        return services.AddSingleton<ITemplateRenderer, LiquidTemplates>();
    }
}
