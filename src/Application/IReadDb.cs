namespace FollowUp.Application;

/// <summary>The caller's rows for reading, without rows of deleted sequences and without change tracking.</summary>
internal interface IReadDb
{
    /// <summary>The caller's rows of a type.</summary>
    /// <typeparam name="T">A type with an owner, such as a sequence.</typeparam>
    IQueryable<T> Of<T>()
        where T : class;
}
