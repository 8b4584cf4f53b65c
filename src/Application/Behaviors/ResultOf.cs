using System.Linq.Expressions;

namespace FollowUp.Application.Behaviors;

/// <summary>Creates a failed <c>Result&lt;T&gt;</c> where only <typeparamref name="TResponse"/> is known.</summary>
internal static class ResultOf<TResponse>
{
    public static readonly Func<Result, TResponse> From = Build();

    private static Func<Result, TResponse> Build()
    {
        var result = Expression.Parameter(typeof(Result));
        return Expression.Lambda<Func<Result, TResponse>>(Expression.Convert(result, typeof(TResponse)), result).Compile();
    }
}
